/** How the API server says no: an object of kind Status, with the HTTP code. */
export interface Refusal {
  code: number;
  reason: string;
  message: string;
  details?: object;
  /** Of the Status itself: an expired list offers a token to go on with. */
  metadata?: object;
}

export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

export function statusOf({ code, reason, message, details, metadata = {} }: Refusal): object {
  return {
    ...{ kind: 'Status', apiVersion: 'v1', metadata, status: 'Failure', message, reason },
    ...(details ? { details } : {}),
    code,
  };
}

export function success(code: number): object {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code };
}

export function badRequest(message: string): Refused {
  return new Refused({ code: 400, reason: 'BadRequest', message });
}

export function unauthorized(): Refused {
  return new Refused({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' });
}

export interface Named {
  group: string;
  resource: string;
  name: string;
}

export function notFound({ group, resource, name }: Named): Refused {
  const message = `${qualified({ group, resource })} "${name}" not found`;
  return new Refused({
    code: 404,
    reason: 'NotFound',
    message,
    details: detailsOf({ group, resource, name }),
  });
}

export function conflict(named: Named, why: string): Refused {
  const message = `Operation cannot be fulfilled on ${qualified(named)} "${named.name}": ${why}`;
  return new Refused({ code: 409, reason: 'Conflict', message, details: detailsOf(named) });
}

export function expired(message: string, metadata?: object): Refused {
  return new Refused({ code: 410, reason: 'Expired', message, ...(metadata ? { metadata } : {}) });
}

export function methodNotAllowed(): Refused {
  const message = 'the server does not allow this method on the requested resource';
  return new Refused({ code: 405, reason: 'MethodNotAllowed', message, details: {} });
}

function qualified({ group, resource }: Pick<Named, 'group' | 'resource'>): string {
  return group ? `${resource}.${group}` : resource;
}

export function detailsOf({ group, resource, name }: Partial<Named>): object {
  return { ...(name ? { name } : {}), ...(group ? { group } : {}), kind: resource };
}

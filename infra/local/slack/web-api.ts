import type { Call } from './calls.js';
import type { JsonObject } from './json.js';
import { refusal, type Refusal } from './limits/refusal.js';
import { membershipError } from './membership.js';
import type { Method } from './methods.js';
import type { Issues } from './once.js';
import type { TakeTurn } from './rates.js';
import { text } from './json.js';
import type { Workspace } from './workspace.js';

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body: JsonObject;
}

export interface WebApiDeps {
  workspace: Workspace;
  methodOf(name: string): Method;
  issues: Issues;
  takeTurn: TakeTurn;
  strict: boolean;
}

/** The Web API as Slack answers it: whose token, how often, how much, where, and only then the method itself. */
export function makeWebApi(deps: WebApiDeps): (call: Call) => Promise<Answer> {
  const { workspace, methodOf, issues, takeTurn, strict } = deps;

  function ofContents({ method, args }: Call): Refusal | undefined {
    const refused = refusal(method, args);
    if (refused !== undefined) return refused;
    if (method !== 'views.open' && method !== 'views.push') return undefined;
    const error = issues.useTrigger(text(args['trigger_id']));
    return error === undefined ? undefined : { error };
  }

  return async (call) => {
    const { method, args } = call;
    const forbidden = tokenError(workspace, call) ?? membershipError(workspace, method, args);
    if (forbidden !== undefined) return refused({ error: forbidden });
    const wait = strict ? takeTurn(method, text(args['channel'])) : 0;
    if (wait > 0) return rateLimited(wait);
    const contents = strict ? ofContents(call) : undefined;
    if (contents !== undefined) return refused(contents);
    const body = await methodOf(method)(args);
    const scopes = { 'x-oauth-scopes': workspace.scopes.join(',') };
    return { status: 200, body, ...(method === 'auth.test' ? { headers: scopes } : {}) };
  };
}

function tokenError(workspace: Workspace, { method, token }: Call): string | undefined {
  const { botToken, appToken } = workspace;
  if (token === '') return 'not_authed';
  if (token !== botToken && token !== appToken) return 'invalid_auth';
  const right = method === 'apps.connections.open' ? appToken : botToken;
  return token === right ? undefined : 'not_allowed_token_type';
}

export function rateLimited(seconds: number): Answer {
  return {
    status: 429,
    headers: { 'retry-after': String(seconds) },
    body: { ok: false, error: 'ratelimited' },
  };
}

export function refused({ error, messages }: Refusal): Answer {
  if (messages === undefined) return { status: 200, body: { ok: false, error } };
  const listed = { messages: messages.map((message) => `[ERROR] ${message}`) };
  return { status: 200, body: { ok: false, error, errors: messages, response_metadata: listed } };
}

/** What Calico stores, whatever it stores it in. */
export type Document =
  | { kind: 'block'; cidr: string; value: object }
  | { kind: 'affinity'; node: string; cidr: string; value: { state: string; deleted: boolean } }
  | { kind: 'handle'; id: string; value: object }
  | { kind: 'endpoint'; namespace: string; name: string; value: object }
  | { kind: 'pool'; name: string; value: object }
  | { kind: 'config'; value: object }
  | { kind: 'cluster'; value: object };

type Without<T> = T extends unknown ? Omit<T, 'value'> : never;

/** Names a document. */
export type DocumentName = Without<Document>;

export interface Datastore {
  put(document: Document): Promise<void>;
  remove(name: DocumentName): Promise<void>;
  close(): void;
}

/** The datastore's own words, as the plugin passes them on. `definite`: nothing was written. */
export class DatastoreError extends Error {
  readonly definite: boolean;

  constructor(message: string, definite: boolean) {
    super(message);
    this.definite = definite;
  }
}

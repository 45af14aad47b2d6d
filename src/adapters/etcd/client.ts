import { rootCertificates } from 'node:tls';
import type { ClientReadableStream, Metadata, ServiceError } from '@grpc/grpc-js';
import { noop } from 'cockatiel';
import { Etcd3, type IOptions } from 'etcd3';
import type { Rpc } from './rpc.js';

/** Contents, not file names. */
export interface Tls {
  readonly ca?: Buffer | string | undefined;
  readonly cert?: Buffer | string | undefined;
  readonly key?: Buffer | string | undefined;
}

/**
 * A call's failure as gRPC tells it. A class of its own because etcd3's pool turns each plain Error into one of its
 * classes and drops the code.
 */
export class RpcError extends Error {
  readonly code: number;
  readonly details: string;

  constructor(code: number, details: string) {
    super(details);
    this.name = 'RpcError';
    this.code = code;
    this.details = details;
  }
}

export interface CallSettings {
  /** Milliseconds since the epoch; etcd3 has no deadline of its own, and a hung member never answers. */
  readonly deadline: number;
  readonly metadata: Metadata;
}

/**
 * etcd3's connection to exactly one member, with our own calls on it. One host and no fault policy: etcd3's default
 * repeats a call, on whichever member comes next, so one timed-out Defragment would reach several.
 */
export class MemberClient extends Etcd3 {
  constructor(endpoint: string, tls: Tls | undefined) {
    super(optionsFor(endpoint, tls));
  }

  unary<Request, Reply>(rpc: Rpc<Request, Reply>, request: Request, call: CallSettings): Promise<Reply> {
    // All calls share the channel of one service: the path says whose method it is.
    return this.pool.withConnection(
      'Maintenance',
      ({ client }) =>
        new Promise<Reply>((resolve, reject) => {
          const { path, requestSerialize, responseDeserialize } = rpc;
          const options = { deadline: call.deadline };
          const answer = (error: ServiceError | null, reply?: Reply) =>
            error ? reject(rpcError(error)) : resolve(reply as Reply);
          client.makeUnaryRequest(
            ...([
              path,
              requestSerialize,
              responseDeserialize,
              request,
              call.metadata,
              options,
              answer,
            ] as const),
          );
        }),
    );
  }

  /** Ends the call when the reader leaves before its end. */
  async *stream<Request, Reply>(
    rpc: Rpc<Request, Reply>,
    request: Request,
    call: CallSettings,
  ): AsyncGenerator<Reply> {
    const messages = await this.open(rpc, request, call);
    // The end of a cancelled call is an error event, which without a listener would end the process.
    messages.on('error', () => {});
    try {
      for await (const message of messages) yield message as Reply;
    } catch (error) {
      throw rpcError(error);
    } finally {
      messages.cancel();
    }
  }

  /** A stream in both directions of which only one request is ever sent. Ends the call when the signal aborts. */
  async *converse<Request, Reply>(
    rpc: Rpc<Request, Reply>,
    request: Request,
    { metadata, deadline, signal }: CallSettings & { readonly signal: AbortSignal },
  ): AsyncGenerator<Reply> {
    const { path, requestSerialize, responseDeserialize } = rpc;
    const both = await this.pool.withConnection('Maintenance', ({ client }) =>
      client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadata, { deadline }),
    );
    both.on('error', () => {});
    const cancel = () => both.cancel();
    signal.addEventListener('abort', cancel);
    both.write(request);
    try {
      if (signal.aborted) cancel();
      for await (const message of both) yield message as Reply;
    } catch (error) {
      throw rpcError(error);
    } finally {
      signal.removeEventListener('abort', cancel);
      both.cancel();
    }
  }

  private open<Request, Reply>(
    rpc: Rpc<Request, Reply>,
    request: Request,
    { metadata, deadline }: CallSettings,
  ): Promise<ClientReadableStream<Reply>> {
    const { path, requestSerialize, responseDeserialize } = rpc;
    return this.pool.withConnection('Maintenance', ({ client }) =>
      client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, request, metadata, {
        deadline,
      }),
    );
  }
}

function rpcError(error: unknown): Error {
  const { code, details } = error as Partial<ServiceError>;
  return typeof code === 'number' ? new RpcError(code, details ?? '') : (error as Error);
}

function optionsFor(endpoint: string, tls: Tls | undefined): IOptions {
  const url = new URL(endpoint);
  const secure = url.protocol === 'https:';
  // URL drops a scheme's own port, and gRPC would take 443 for both.
  const port = url.port || (secure ? '443' : '80');
  return {
    hosts: `${url.protocol}//${url.hostname}:${port}`,
    // etcd3 speaks TLS wherever it has credentials, also to an http:// endpoint.
    ...(secure && tls ? { credentials: credentialsFrom(tls) } : {}),
    faultHandling: { global: noop, host: () => noop },
    grpcOptions: channelOptions(),
  };
}

function credentialsFrom({ ca, cert, key }: Tls): NonNullable<IOptions['credentials']> {
  return {
    rootCertificate: Buffer.from(ca ?? rootCertificates.join('\n')),
    ...(key ? { privateKey: Buffer.from(key) } : {}),
    ...(cert ? { certChain: Buffer.from(cert) } : {}),
  };
}

function channelOptions(): NonNullable<IOptions['grpcOptions']> {
  return {
    'grpc.max_receive_message_length': 64 * 1024 * 1024,
    // Pages of keys are megabytes: in the default window of 64 KiB each waits for twenty round trips.
    'grpc-node.flow_control_window': 4 * 1024 * 1024,
    // etcd closes the connection of a client that pings more often than every 5 s.
    'grpc.keepalive_time_ms': 10_000,
    'grpc.keepalive_timeout_ms': 5_000,
    // gRPC may send a call again that it believes was not begun; an act is sent once.
    'grpc.enable_retries': 0,
    // A member that comes back must be seen at once; the default backs off up to two minutes.
    'grpc.initial_reconnect_backoff_ms': 200,
    'grpc.max_reconnect_backoff_ms': 1_000,
    // Neither a proxy of the environment nor TXT records decide how a member is reached.
    'grpc.enable_http_proxy': 0,
    'grpc.service_config_disable_resolution': 1,
    // Books about every channel that nobody reads, and a pool that every closing channel looks through.
    'grpc.enable_channelz': 0,
    'grpc.use_local_subchannel_pool': 1,
  };
}

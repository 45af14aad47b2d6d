import { readFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTls, type TLSSocket } from 'node:tls';
import { MEMBERS_OF_A_CLUSTER, placeOf, type Member } from './model.js';
import { makePage } from './page.js';
import { makeFront, type Front, type Served } from './serve.js';

/** What one process of the fleet is told. */
export interface Specification {
  readonly members: readonly Member[];
  /** Files: /metrics as real members wrote them. */
  readonly pages: readonly string[];
  /** Files, for each cluster that has TLS, in their order. */
  readonly tls: readonly { readonly ca: string; readonly cert: string; readonly key: string }[];
  /** On 127.0.0.1; answers what was served, as JSON. */
  readonly controlPort: number;
}

/** Beyond that many at once the accept queue would drop some; a client then waits a second. */
const BACKLOG = 511;

const file = process.argv[2];
if (file === undefined) throw new Error('no specification given');
await simulate(JSON.parse(readFileSync(file, 'utf8')) as Specification);

async function simulate(specification: Specification): Promise<void> {
  const { members, pages, controlPort } = specification;
  const served: Served = { status: 0, members: 0, pages: 0, others: 0 };
  const begun = performance.now();
  const byAddress = new Map(members.map((member) => [member.address, member]));
  const front = makeFront(
    {
      ...{ served, pages: pages.map((page) => makePage(readFileSync(page, 'utf8'))) },
      siblingsOf: (member) => siblingsOf(members, member),
      age: () => (performance.now() - begun) / 1000,
    },
    (address) => byAddress.get(address),
  );
  const secure = secureServers(specification, front, byAddress);
  const accept = { plain: plainly(front), secure };
  await Promise.all(members.map((member) => listen(member, accept)));
  // Last: once it answers, so do all members.
  createHttp((_, response) => response.end(JSON.stringify(served))).listen(controlPort, '127.0.0.1');
}

function siblingsOf(members: readonly Member[], member: Member): readonly Member[] {
  const first = members.indexOf(member) - placeOf(member);
  return members.slice(first, first + MEMBERS_OF_A_CLUSTER);
}

type Accept = (socket: Socket, member: Member) => void;

interface Accepts {
  readonly plain: Accept;
  readonly secure: (member: Member) => Server | undefined;
}

/** One listener for each member, on its own address. */
async function listen(member: Member, { plain, secure }: Accepts): Promise<void> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    if (member.secure) secure(member)?.emit('connection', socket);
    else plain(socket, member);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: member.port, host: member.address, backlog: BACKLOG }, resolve);
  });
}

/** Without TLS the first letter tells: HTTP/2 begins with PRI, a request for metrics with GET. */
function plainly(front: Front): Accept {
  return (socket, member) => {
    socket.once('readable', () => {
      const first = socket.read() as Buffer | null;
      if (!first) return;
      socket.unshift(first);
      if (first[0] === 'P'.charCodeAt(0)) front.http2(socket);
      else front.http1(socket, member);
    });
  };
}

/** By member: each cluster has its own. */
function secureServers(
  { tls, members }: Specification,
  front: Front,
  byAddress: ReadonlyMap<string, Member>,
): (member: Member) => Server | undefined {
  const servers = new Map<number, Server>();
  const clusterOf = ({ index }: Member): number => Math.floor(index / MEMBERS_OF_A_CLUSTER);
  const firsts = members.filter((member) => member.secure && placeOf(member) === 0);
  for (const [at, member] of firsts.entries()) {
    const files = tls[at];
    if (files) servers.set(clusterOf(member), secureServer(files, front, byAddress));
  }
  return (member) => servers.get(clusterOf(member));
}

/** With TLS the client says it in the handshake. It must show a certificate, as where etcd has --client-cert-auth. */
function secureServer(
  { ca, cert, key }: Specification['tls'][number],
  front: Front,
  byAddress: ReadonlyMap<string, Member>,
): Server {
  const files = { ca: readFileSync(ca), cert: readFileSync(cert), key: readFileSync(key) };
  const options = { ...files, requestCert: true, ALPNProtocols: ['h2', 'http/1.1'] };
  return createTls(options, (socket: TLSSocket) => {
    socket.on('error', () => socket.destroy());
    const member = byAddress.get(socket.localAddress ?? '');
    if (socket.alpnProtocol === 'h2') front.http2(socket);
    else if (member) front.http1(socket, member);
  });
}

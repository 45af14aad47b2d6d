// Once before all tests: the real servers, so that no test waits for a download.
import { ensureBinaries } from '../dist/infra/local/binaries.js';

const VARIABLES = {
  'etcd-3.3': 'ETCD_3_3_BIN',
  'etcd-3.4': 'ETCD_3_4_BIN',
  'etcd-3.5': 'ETCD_3_5_BIN',
  redis: 'REDIS_SERVER_BIN',
  openssl: 'OPENSSL_BIN',
};

export default async function setup() {
  const binaries = await ensureBinaries(Object.keys(VARIABLES), (line) => process.stderr.write(`${line}\n`));
  for (const [name, variable] of Object.entries(VARIABLES)) process.env[variable] = binaries.get(name).path;
  process.env.ETCDCTL_BIN = binaries.get('etcd-3.5').etcdctl ?? '';
}

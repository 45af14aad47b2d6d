export type BinaryName = 'etcd-3.3' | 'etcd-3.4' | 'etcd-3.5' | 'redis' | 'openssl';

/** What a program is, and where it is had from. */
export interface Recipe {
  title: string;
  program: string;
  fits: RegExp;
  /** Must fit when set. */
  variable: string;
  /** Used when set and fitting. */
  alsoVariable?: string;
  packages: string[];
  /** It does not run without the libraries that come with it. */
  withLibraries?: boolean;
  /** Debian's release that carries this version; the machine's own where none is named. */
  suite?: string;
}

export const RECIPES: Record<BinaryName, Recipe> = {
  'etcd-3.3': etcdRecipe('3.3', 'bullseye'),
  'etcd-3.4': etcdRecipe('3.4', 'bookworm'),
  'etcd-3.5': etcdRecipe('3.5', 'trixie'),
  redis: {
    title: 'Redis 6.2 or newer',
    program: 'redis-server',
    fits: /^(6\.[2-9]|[7-9]\.|\d\d)/,
    variable: 'REDIS_SERVER_BIN',
    packages: ['redis-server'],
    withLibraries: true,
  },
  openssl: {
    title: 'OpenSSL 1.1.1 or newer',
    program: 'openssl',
    fits: /^(1\.1\.1|[3-9]\.)/,
    variable: 'OPENSSL_BIN',
    packages: ['openssl'],
    withLibraries: true,
  },
};

function etcdRecipe(version: string, suite: string): Recipe {
  return {
    title: `etcd ${version}`,
    program: 'etcd',
    fits: new RegExp(`^${version.replace('.', '\\.')}\\.`),
    variable: `ETCD_${version.replace('.', '_')}_BIN`,
    alsoVariable: 'ETCD_BIN',
    packages: ['etcd-server', 'etcd-client'],
    suite,
  };
}

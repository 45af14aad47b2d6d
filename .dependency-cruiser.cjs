// Who may import whom, and why. Run by `npm run layers`.

const NETWORK_PACKAGES = ['etcd3', '@grpc', 'ioredis', 'bullmq', 'undici', '@slack/bolt', '@slack/web-api'];
const NETWORK_MODULES = ['http', 'https', 'http2', 'net', 'tls', 'dgram', 'dns', 'dns/promises'];
const NETWORK = [
  ...[...NETWORK_PACKAGES, '@kubernetes/client-node'].map((name) => `(^|/)node_modules/${name}/`),
  `^(node:)?(${NETWORK_MODULES.join('|')})$`,
];

/** Everything but our own folders named, so also packages and built-in modules. */
function only(name, folder, { to, comment }) {
  return { name, severity: 'error', comment, from: { path: folder }, to: { pathNot: to } };
}

/** Our own folders are limited, packages and built-in modules are not. */
function onlyOurs(name, folder, { to, comment }) {
  return { name, severity: 'error', comment, from: { path: folder }, to: { path: '^src/', pathNot: to } };
}

const PURE =
  'Pure functions, so that they can be tested with literals, replayed from a saved snapshot, and trusted.';
const PORTS =
  'Its effects go through the ports that it is handed, so that every effect has one home: adapters.';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      comment:
        'Two modules that need each other are one module, or hide a third; and their load order is luck.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      comment:
        'An import that leads nowhere fails only when it is reached. (dist is there only after a build.)',
      from: {},
      to: { couldNotResolve: true, pathNot: '(^|/)dist/' },
    },
    {
      name: 'src-not-to-infra',
      severity: 'error',
      comment:
        'Infra is not shipped: the playground and the tests start the program, never the other way round.',
      from: { path: '^src/' },
      to: { path: '^(infra|test|dist)/' },
    },
    {
      name: 'src-only-declared-packages',
      severity: 'error',
      comment:
        'Users get only the dependencies of package.json; another package is there by luck, or only here.',
      from: { path: '^src/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'],
        // Part of what @slack/bolt is; only its types are used.
        pathNot: '(^|/)node_modules/@slack/types/',
      },
    },
    {
      name: 'network-only-in-adapters',
      severity: 'error',
      comment:
        'The adapters, and Slack’s client in slack/app and slack/messenger, are the only code that touches the ' +
        'network, so that deadlines, errors and retries are decided in one place each.',
      from: {
        path: '^src/',
        pathNot:
          '^src/(adapters/|slack/(app|messenger)([./]|$)|(compose|main|doctor|discover|audit-verify)([./]|$))',
      },
      to: { path: NETWORK, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'kubernetes-client-on-demand',
      severity: 'error',
      comment:
        'It takes half a second and 80 MB to load: only who asks about Kubernetes pays for it, at the first question.',
      from: { path: '^src/' },
      to: {
        path: '(^|/)node_modules/@kubernetes/',
        dependencyTypesNot: ['type-only', 'dynamic-import'],
      },
    },
    only('domain-alone', '^src/domain/', {
      to: '^src/domain/',
      comment: 'The words that all the rest speaks: it must not change because anything else does.',
    }),
    only('checks-pure', '^src/checks/', { to: '^src/(domain|checks)/', comment: PURE }),
    only('runbooks-pure', '^src/runbooks/', { to: '^src/(domain|runbooks)/', comment: PURE }),
    only('alerts-pure', '^src/alerts/', { to: '^src/(domain|alerts)/', comment: PURE }),
    only('discover-pure', '^src/discover/', { to: '^src/(domain|discover)/', comment: PURE }),
    only('collectors-by-ports', '^src/collectors/', { to: '^src/(domain|collectors)/', comment: PORTS }),
    only('steps-by-ports', '^src/steps/', { to: '^src/(domain|steps)/', comment: PORTS }),
    only('engine-on-ports', '^src/engine/', {
      to: ['^src/(domain|engine)/', '^(node:)?crypto$'],
      comment: 'It knows the catalogues’ types and no entry, ports and no adapter. Hashing a plan is pure.',
    }),
    onlyOurs('jobs-on-engine', '^src/jobs/', {
      to: '^src/(domain|engine|jobs)/',
      comment: 'A job hands its data to the engine; readers and executors know no Slack.',
    }),
    only('blocks-pure', '^src/slack/blocks/', {
      to: ['^src/(domain|slack/blocks)/', '(^|/)node_modules/@slack/types/'],
      comment: `Domain in, Block Kit out. ${PURE}`,
    }),
    onlyOurs('slack-on-engine', '^src/slack/', {
      to: '^src/(domain|engine|slack)/',
      comment: 'Commands ask and show. The role `bot` holds no credential of what it talks about.',
    }),
    {
      name: 'slack-packages',
      severity: 'error',
      comment:
        'Slack’s folder needs Slack’s packages and built-in modules; storage and queues come through ports.',
      from: { path: '^src/slack/' },
      to: { path: '(^|/)node_modules/', pathNot: '(^|/)node_modules/@slack/' },
    },
    onlyOurs('adapters-on-domain', '^src/adapters/', {
      to: '^src/(domain|adapters)/',
      comment: 'An adapter translates between a target and the ports, and decides nothing.',
    }),
    only('config-apart', '^src/config/', {
      to: ['^src/(domain|config)/', '(^|/)node_modules/(zod|yaml)/', '^(node:)?(fs|path|crypto)$'],
      comment:
        'Read once at the start, before anything else exists; the crypto module makes the signing key.',
    }),
    {
      name: 'config-only-from-the-top',
      severity: 'error',
      comment:
        'Parts are handed what they need by compose, so that none depends on where a value was written.',
      from: { path: '^src/', pathNot: '^src/(config/|(compose|main|doctor|discover|audit-verify)([./]|$))' },
      to: { path: '^src/config/' },
    },
    {
      name: 'compose-names-adapters',
      severity: 'error',
      comment: 'Only compose and main name concrete adapters and the program’s parts.',
      from: {
        path: '^src/',
        pathNot: '^src/(adapters/|(compose|main|doctor|discover|audit-verify)([./]|$))',
      },
      to: { path: '^src/(adapters/|(compose|main)\\.ts$)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|\\.cache)/' },
    // Else imports of types alone would not be seen.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};

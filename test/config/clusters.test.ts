import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cluster, good, makeSandbox, type Sandbox, withCluster } from './sandbox.js';

let sandbox: Sandbox;

beforeAll(() => {
  sandbox = makeSandbox();
  sandbox.write('empty', '\n');
});
afterAll(() => {
  sandbox.remove();
});

const NAMES: [unknown, string][] = [
  [
    good({ clusters: [cluster(), cluster({ name: 'PROD', endpoints: ['http://b:1'] })] }),
    'clusters[1].name: is taken: the same as clusters[0].name',
  ],
  [withCluster({ aliases: ['prod'] }), 'clusters[0].aliases[0]: is taken: the same as clusters[0].name'],
  [
    good({
      clusters: [
        cluster({ aliases: ['x'] }),
        cluster({ name: 'b', aliases: ['x'], endpoints: ['http://b:1'] }),
      ],
    }),
    'clusters[1].aliases[0]: is taken: the same as clusters[0].aliases[0]',
  ],
  [withCluster({ name: 'my cluster' }), 'clusters[0].name: must be one word'],
  [withCluster({ name: 'a:b' }), 'clusters[0].name: must be one word'],
  [withCluster({ aliases: ['x/y'] }), 'clusters[0].aliases[0]: must be one word'],
  [
    good({ environments: { production: {} }, clusters: [cluster({ environment: 'producton' })] }),
    'clusters[0].environment: is not among `environments`; did you mean `production`?',
  ],
];

const ENDPOINTS: [unknown, string][] = [
  [withCluster({ endpoints: [] }), 'clusters[0].endpoints: names no member'],
  [withCluster({ endpoints: ['10.0.0.1:2379'] }), 'endpoints[0]: must begin with http:// or https://'],
  [
    withCluster({ endpoints: ['http://a:2379', 'http://b'] }),
    'endpoints[1]: has no port; add it, usually :2379',
  ],
  [
    withCluster({ endpoints: ['http://a:2379/v3'] }),
    'endpoints[0]: has a path; write only scheme, host and port',
  ],
  [withCluster({ endpoints: ['http://u:hush@a:2379'] }), 'endpoints[0]: holds a user or password'],
  [withCluster({ endpoints: ['http://a b:2379'] }), 'endpoints[0]: is not a URL'],
  [withCluster({ endpoints: ['http://a:1', 'https://b:1'] }), 'clusters[0].endpoints: mixes http and https'],
  [
    withCluster({ endpoints: ['http://a:1', 'http://A:1/'] }),
    'clusters[0].endpoints[1]: is the same member as clusters[0].endpoints[0]',
  ],
  [
    good({ clusters: [cluster(), cluster({ name: 'b' })] }),
    'clusters[1].endpoints[0]: is the same member as clusters[0].endpoints[0]',
  ],
  [withCluster({ metrics: [] }), 'clusters[0].metrics: lists 0 URLs for 1 endpoints; list one for each'],
  [withCluster({ metrics: ['a:2381'] }), 'clusters[0].metrics[0]: must begin with http:// or https://'],
  [withCluster({ tls: { ca: 'ca.pem' } }), 'clusters[0].tls: is given, but endpoints begin with http://'],
];

const https = { endpoints: ['https://a:2379'] };

const FILES: [unknown, string][] = [
  [
    withCluster({ ...https, tls: { ca: 'none.pem' } }),
    'none.pem does not exist; give a file that this process can',
  ],
  [withCluster({ ...https, tls: { ca: 'folder' } }), 'folder is a directory, not a file'],
  [withCluster({ ...https, tls: { ca: 'key.pem' } }), 'key.pem holds no PEM block "BEGIN CERTIFICATE"'],
  [
    withCluster({ ...https, tls: { cert: 'cert.pem', key: 'cert.pem' } }),
    'cert.pem holds no PEM block "BEGIN PRIVATE KEY"',
  ],
  [
    withCluster({ ...https, tls: { cert: 'cert.pem' } }),
    'clusters[0].tls.key: is missing; cert and key belong',
  ],
  [withCluster({ auth: { username: 'u', passwordFile: 'none' } }), 'clusters[0].auth.passwordFile: /'],
  [withCluster({ auth: { username: 'u', passwordFile: 'empty' } }), 'empty is empty'],
  [
    withCluster({ backup: { directory: 'backups' } }),
    'clusters[0].backup.directory: must be an absolute path',
  ],
  [good({ stateDirectory: 'password' }), 'is a file, not a directory; give a place'],
  [good({ stateDirectory: 'password/x' }), 'lies under something that is not a directory'],
  [good({ audit: { file: 'folder' } }), 'audit.file: '],
];

describe.each([
  ['names', NAMES],
  ['endpoints', ENDPOINTS],
  ['files', FILES],
])('a mistake in a cluster’s %s', (_, table) => {
  it.each(table.map(([config, message]) => ({ config, message })))('$message', ({ config, message }) => {
    const found = sandbox.problems(config);
    expect(found).toEqual([expect.stringContaining(message)]);
    expect(found.join()).not.toContain('hush');
  });
});

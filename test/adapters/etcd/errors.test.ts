import { describe, expect, it } from '@jest/globals';
import { RpcError } from '../../../src/adapters/etcd/client.js';
import { targetError } from '../../../src/adapters/etcd/errors.js';
import { TargetError, type TargetErrorCode } from '../../../src/domain/errors.js';

const endpoint = 'https://10.0.0.1:2379';

function told(code: number, details: string, act = false): TargetError {
  return targetError(new RpcError(code, details), { endpoint, deadlineMs: 500, act }) as TargetError;
}

const lastError = (words: string) => `No connection established. Last error: ${words}. Resolution note: `;

describe("etcd's refusals", () => {
  it.each<[TargetErrorCode, number, string]>([
    ['no-space', 8, 'etcdserver: mvcc: database space exceeded'],
    ['failed', 8, 'grpc: received message larger than max (2097160 vs 2097152)'],
    ['failed', 8, 'Received message larger than max (7000210 vs 4194304)'],
    ['too-many-requests', 8, 'etcdserver: too many requests'],
    ['compacted', 11, 'etcdserver: mvcc: required revision has been compacted'],
    ['failed', 11, 'etcdserver: mvcc: required revision is a future revision'],
    ['no-leader', 14, 'etcdserver: no leader'],
    ['not-leader', 9, 'etcdserver: not leader'],
    ['failed', 9, 'etcdserver: bad leader transferee'],
    ['timeout', 4, 'Deadline exceeded after 0.501s,remote_addr=10.0.0.1:2379'],
    ['timeout', 4, 'context deadline exceeded'],
    ['timeout', 2, 'context deadline exceeded'],
    ['timeout', 2, 'etcdserver: request timed out'],
    ['timeout', 14, 'etcdserver: request timed out, possibly due to previous leader failure'],
    ['unavailable', 14, 'etcdserver: unhealthy cluster'],
    ['unavailable', 14, 'Connection dropped'],
    ['unavailable', 14, 'read ECONNRESET'],
    ['unavailable', 14, 'read EHOSTUNREACH'],
    ['unreachable', 14, lastError('Error: connect ETIMEDOUT 10.0.0.1:2379')],
    ['unreachable', 14, lastError('Error: connect ECONNREFUSED 10.0.0.1:2379')],
    ['unreachable', 14, 'Name resolution failed for target dns:nowhere:2379'],
    ['tls', 14, lastError('Error: unable to verify the first certificate')],
    ['tls', 14, lastError('Error: self-signed certificate in certificate chain')],
    ['tls', 14, lastError("Error: Hostname/IP does not match certificate's altnames: IP: 10.0.0.1")],
    ['tls', 14, lastError('Failed to connect (2026-11-23T16:46:06.219Z)')],
    ['auth', 3, 'etcdserver: authentication failed, invalid user ID or password'],
    ['auth', 16, 'etcdserver: invalid auth token'],
    ['auth', 2, 'auth: invalid auth token'],
    ['auth', 2, 'auth: user not found'],
    ['auth', 3, 'etcdserver: user name is empty'],
    ['auth', 9, 'etcdserver: authentication is not enabled'],
    ['denied', 7, 'etcdserver: permission denied'],
    ['denied', 2, 'auth: permission denied'],
    ['unsupported', 12, 'unknown method Downgrade for service etcdserverpb.Maintenance'],
    ['failed', 15, 'etcdserver: corrupt cluster'],
    ['failed', 2, ''],
  ])('are %s for %i %s', (code, grpcCode, details) => {
    const error = told(grpcCode, details);
    expect(error).toBeInstanceOf(TargetError);
    expect(error).toMatchObject({ code, target: endpoint });
    expect(error.message).toMatch(/^[A-Zh].*10\.0\.0\.1:2379.*\.$/);
    expect((error.cause as RpcError).details).toBe(details);
  });

  it('are short sentences, without what gRPC and OpenSSL wrap around the reason', () => {
    const alert =
      'Error: 80EC85A0D07F0000:error:0A000412:SSL routines:ssl3_read_bytes:sslv3 alert bad certificate:../x/rec_layer_s3.c:1601:SSL alert number 42\n';
    expect(told(14, lastError(alert)).message).toBe(
      'No TLS connection to https://10.0.0.1:2379: sslv3 alert bad certificate.',
    );
    expect(told(14, lastError('Error: connect ECONNREFUSED 10.0.0.1:2379')).message).toBe(
      'No connection to https://10.0.0.1:2379: connect ECONNREFUSED 10.0.0.1:2379.',
    );
    expect(told(4, 'Deadline exceeded after 0.5s').message).toBe(
      'https://10.0.0.1:2379 gave no answer within 500 ms.',
    );
    expect(told(14, 'etcdserver: request timed out').message).toBe(
      "https://10.0.0.1:2379 waited in vain for the cluster's majority: etcdserver: request timed out.",
    );
  });

  it('may be asked again where they pass, but never an act', () => {
    expect(told(4, 'Deadline exceeded').retryable).toBe(true);
    expect(told(4, 'Deadline exceeded', true).retryable).toBe(false);
    expect(told(8, 'etcdserver: mvcc: database space exceeded').retryable).toBe(false);
  });

  it('never show the user of a URL', () => {
    const asked = { endpoint: 'https://me:secret@10.0.0.1:2379', deadlineMs: 1, act: false };
    const error = targetError(new RpcError(4, 'Deadline exceeded'), asked) as TargetError;
    expect(`${error.message} ${error.target}`).not.toContain('secret');
  });

  it('leave a bug as it is', () => {
    const bug = new TypeError('undefined is not a function');
    expect(targetError(bug, { endpoint, deadlineMs: 1, act: false })).toBe(bug);
  });
});

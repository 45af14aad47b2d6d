/** Words of Node's TLS and OpenSSL; gRPC passes them on in UNAVAILABLE, which alone says nothing. */
const tlsWords =
  /certificate|self[- ]signed|ERR_TLS|ERR_SSL|ssl3?_|SSL routines|tlsv1|unable to (verify|get)|wrong version number|altname|EPROTO|before secure TLS connection/i;

const noConnectionWords =
  /ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENOTFOUND|EAI_AGAIN|connect ETIMEDOUT|No connection established|name resolution/i;

/**
 * Why there was no answer from the network: `unavailable` is a connection that broke under way, so that what was asked
 * may have been done; with the other two nothing was ever sent.
 */
export function connectionTrouble(words: string): 'tls' | 'unreachable' | 'unavailable' {
  if (tlsWords.test(words)) return 'tls';
  // Accepted and closed before the first frame: what a TLS port does to those who do not speak TLS.
  if (/Last error: Failed to connect/.test(words)) return 'tls';
  if (/^(?:E[A-Z]+ )?(?:read|write) E/.test(words)) return 'unavailable';
  return noConnectionWords.test(words) ? 'unreachable' : 'unavailable';
}

/** One line of a target's words, fit for a sentence. */
export function oneLine(words: string): string {
  return withoutWrapping(words).replace(/\s+/g, ' ').trim().replace(/\.+$/, '').slice(0, 200);
}

/**
 * The words that say something: gRPC wraps a socket's into "No connection established. Last error: Error: … (time).
 * Resolution note: ", and OpenSSL puts its numbers, functions and files around its own.
 */
function withoutWrapping(words: string): string {
  const inner = /Last error: (?:Error: )?([^]*?)(?: \(\d{4}-[\d-]+T[^)]*\))?\.? ?(?:Resolution note:|$)/.exec(
    words,
  )?.[1];
  const said = inner?.trim() ? inner : words;
  return /\berror:\w+:[^:]*:[^:]*:([^:]+)/.exec(said)?.[1] ?? said;
}

/** A URL may carry a user and a password, which no message shows. */
export function withoutUser(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//');
}

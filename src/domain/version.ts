type Parts = readonly [major: number, minor: number, patch: number];

/** `3.5.16`, also with a suffix (`3.6.0-rc.1`, `3.5.16+git`), which is ignored; null: not a version. */
export function partsOf(version: string): Parts | null {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(?![\d.])/.exec(version);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : null;
}

/** `3.5` of `3.5.16`; the whole text where it is not a version. */
export function minorOf(version: string): string {
  const parts = partsOf(version);
  return parts ? `${String(parts[0])}.${String(parts[1])}` : version;
}

/** False where one of them is not a version: callers that need to be sure ask `partsOf` first. */
export function isBefore(version: string, other: string): boolean {
  const [a, b] = [partsOf(version), partsOf(other)];
  if (!a || !b) return false;
  return (a[0] - b[0] || a[1] - b[1] || a[2] - b[2]) < 0;
}

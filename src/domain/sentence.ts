/** Without its full stop, to go on in a sentence of ours: targets and rules end theirs as they like. */
export function bare(text: string): string {
  return text.trimEnd().replace(/\.+$/, '');
}

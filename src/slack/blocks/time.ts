/** A moment in the reader's own time zone: day and time. Where Slack can't, in UTC. */
export function moment(at: number): string {
  const fallback = `${isoMinute(at).replace('T', ' ')} UTC`;
  return `<!date^${seconds(at)}^{date_short_pretty} {time}|${fallback}>`;
}

/** A moment of about now: the time alone. */
export function clock(at: number): string {
  return `<!date^${seconds(at)}^{time}|${isoMinute(at).slice(11)} UTC>`;
}

/** A moment of about now, to the second. */
export function clockSeconds(at: number): string {
  return `<!date^${seconds(at)}^{time_secs}|${iso(at).slice(11, 19)} UTC>`;
}

function seconds(at: number): string {
  return String(Math.floor(at / 1000));
}

function isoMinute(at: number): string {
  return iso(at).slice(0, 16);
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

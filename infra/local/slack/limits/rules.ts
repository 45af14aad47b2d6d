import { isObject, list, text, type JsonObject } from '../json.js';

/** What Slack's answer says of a payload: one sentence with a pointer for each problem. */
export type Problems = string[];

/** Checks one part of a payload, which stands at that JSON pointer. */
export type Rule = (part: JsonObject, at: string) => Problems;

export function all(...rules: Rule[]): Rule {
  return (part, at) => rules.flatMap((rule) => rule(part, at));
}

export function problem(what: string, at: string): Problems {
  return [`${what} [json-pointer:${at}]`];
}

export function maxLength(key: string, most: number): Rule {
  return (part, at) =>
    text(part[key]).length > most ? problem(`must be less than ${most + 1} characters`, `${at}/${key}`) : [];
}

export function required(key: string): Rule {
  return (part, at) => (part[key] === undefined ? problem(`missing required field: ${key}`, at) : []);
}

/** A text object: plain_text or mrkdwn, not empty, not too long. */
export function textObject(key: string, most: number, types = ['plain_text', 'mrkdwn']): Rule {
  return (part, at) => {
    const value = part[key];
    if (value === undefined) return [];
    const here = `${at}/${key}`;
    if (!isObject(value) || !types.includes(text(value['type']))) return problem('unsupported type', here);
    return textLength(value, most, here);
  };
}

export function plainText(key: string, most: number): Rule {
  return textObject(key, most, ['plain_text']);
}

function textLength(value: JsonObject, most: number, at: string): Problems {
  if (text(value['text']) === '') return problem('must be more than 0 characters', `${at}/text`);
  return maxLength('text', most)(value, at);
}

export interface Bounds {
  least?: number;
  most: number;
}

/** A list with so many entries at least and at most, each checked by the rule. */
export function entries(key: string, { least = 1, most }: Bounds, rule: Rule = () => []): Rule {
  return (part, at) => {
    if (part[key] === undefined) return [];
    const here = `${at}/${key}`;
    const found = list(part[key]);
    if (found.length > most) return problem(`no more than ${most} items allowed`, here);
    if (found.length < least) return problem(`no fewer than ${least} items allowed`, here);
    return found.flatMap((entry, index) =>
      isObject(entry) ? rule(entry, `${here}/${index}`) : problem('must be an object', `${here}/${index}`),
    );
  };
}

export function nested(key: string, rule: Rule): Rule {
  return (part, at) => {
    const value = part[key];
    if (value === undefined) return [];
    return isObject(value) ? rule(value, `${at}/${key}`) : problem('must be an object', `${at}/${key}`);
  };
}

/** Values of the key that stand more than once in the parts. */
export function repeated(parts: JsonObject[], key: string): string[] {
  const values = parts.map((part) => part[key]).filter((value) => typeof value === 'string');
  return values.filter((value, index) => values.indexOf(value) !== index);
}

import type { LabelSelector } from '../objects/budget.js';
import { badRequest } from './status.js';

export type Labels = Readonly<Record<string, string>>;
export type LabelTest = (labels: Labels) => boolean;

const SET = /^(!?)\s*([^\s!=,()]+)\s*(?:(in|notin)\s*\(([^)]*)\)|(==|=|!=)\s*([^\s,]*))?$/;

/** Equality (`a=b`, `a!=b`) and sets (`a in (b,c)`, `a notin (b)`, `a`, `!a`), joined by commas. */
export function parseLabelSelector(text: string): LabelTest {
  const tests = split(text).map(testOf);
  return (labels) => tests.every((test) => test(labels));
}

/** At commas outside of brackets. */
function split(text: string): string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function testOf(part: string): LabelTest {
  const match = SET.exec(part);
  if (!match) throw badRequest(`unable to parse requirement: found '${part}'`);
  const [, not, key = '', setOperator, set = '', operator, value = ''] = match;
  if (setOperator) {
    const values = set.split(',').map((one) => one.trim());
    return byExpression({ key, operator: setOperator === 'in' ? 'In' : 'NotIn', values });
  }
  if (operator) return byExpression({ key, operator: operator === '!=' ? 'NotIn' : 'In', values: [value] });
  return byExpression({ key, operator: not ? 'DoesNotExist' : 'Exists' });
}

interface Expression {
  key: string;
  operator: string;
  values?: string[];
}

function byExpression({ key, operator, values = [] }: Expression): LabelTest {
  return (labels) => {
    const value = labels[key];
    if (operator === 'Exists') return value !== undefined;
    if (operator === 'DoesNotExist') return value === undefined;
    const isIn = value !== undefined && values.includes(value);
    return operator === 'In' ? isIn : !isIn;
  };
}

/** A selector as objects hold it; none selects nothing, an empty one everything. */
export function bySelector(selector: LabelSelector | undefined): LabelTest {
  if (!selector) return () => false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  const equal = Object.entries(matchLabels).map(([key, value]) =>
    byExpression({ key, operator: 'In', values: [value] }),
  );
  const tests = [...equal, ...matchExpressions.map(byExpression)];
  return (labels) => tests.every((test) => test(labels));
}

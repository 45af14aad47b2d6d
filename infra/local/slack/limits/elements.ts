import { text, type JsonObject } from '../json.js';
import {
  all,
  entries,
  maxLength,
  nested,
  plainText,
  problem,
  required,
  textObject,
  type Problems,
  type Rule,
} from './rules.js';

const confirm: Rule = all(
  required('title'),
  required('text'),
  plainText('title', 100),
  textObject('text', 300),
  plainText('confirm', 30),
  plainText('deny', 30),
);

const common: Rule = all(maxLength('action_id', 255), nested('confirm', confirm));

const style: Rule = (part, at) =>
  part['style'] === undefined || ['primary', 'danger'].includes(text(part['style']))
    ? []
    : problem('must be a valid enum value', `${at}/style`);

const option: Rule = all(
  required('text'),
  textObject('text', 75),
  maxLength('value', 150),
  textObject('description', 75),
);

const button: Rule = all(
  required('text'),
  plainText('text', 75),
  maxLength('value', 2000),
  maxLength('url', 3000),
  style,
);

const image: Rule = all(required('alt_text'), maxLength('alt_text', 2000), maxLength('image_url', 3000));

const choices = (most: number): Rule => entries('options', { most }, option);

const select: Rule = all(plainText('placeholder', 150), choices(100));

const typed: Rule = all(plainText('placeholder', 150), maxLength('initial_value', 3000));

/** Elements by type; those that only need the common checks have none of their own. */
const byType: Record<string, Rule> = {
  button,
  image,
  overflow: choices(5),
  checkboxes: choices(10),
  radio_buttons: choices(10),
  static_select: select,
  multi_static_select: select,
  plain_text_input: typed,
};

const others = /^(multi_)?(external|users|conversations|channels)_select$|picker$|_input$|^workflow_button$/;

export function element(part: JsonObject, at: string): Problems {
  const type = text(part['type']);
  const own = byType[type];
  if (own === undefined && !others.test(type)) return problem('unsupported type', at);
  return [...common(part, at), ...(own?.(part, at) ?? [])];
}

/** A context block holds texts and images only. */
export function contextElement(part: JsonObject, at: string): Problems {
  if (part['type'] === 'image') return image(part, at);
  return textObject('element', 3000)({ element: part }, at);
}

export { image as imageRule };

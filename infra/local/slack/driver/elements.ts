import { isObject, objects, text, type JsonObject } from '../json.js';
import type { ViewValues } from './types.js';

interface Wanted {
  actionId: string;
  value?: string;
  blockId?: string;
}

interface Element {
  block: JsonObject;
  element: JsonObject;
}

function wanted(blocks: unknown, { actionId, value, blockId }: Wanted): Element | undefined {
  return elementsIn(blocks).find(
    ({ element, block }) =>
      element['action_id'] === actionId &&
      (value === undefined || element['value'] === value) &&
      (blockId === undefined || block['block_id'] === blockId),
  );
}

export function hasAction(blocks: unknown, input: Wanted): boolean {
  return wanted(blocks, input) !== undefined;
}

/** The action that a click on the element sends; what the caller gives goes before what the blocks say. */
export function actionOf(blocks: unknown, input: Wanted): JsonObject {
  const { actionId, value, blockId } = input;
  const found = wanted(blocks, input);
  if (found === undefined && value === undefined) throw new Error(`nothing there has the action ${actionId}`);
  return {
    type: found?.element['type'] ?? 'button',
    action_id: actionId,
    block_id: blockId ?? found?.block['block_id'],
    value: value ?? found?.element['value'],
    text: found?.element['text'],
  };
}

function elementsIn(blocks: unknown): Element[] {
  return objects(blocks).flatMap((block) => {
    const inside = [...objects(block['elements']), block['accessory'], block['element']].filter(isObject);
    return inside.map((element) => ({ block, element }));
  });
}

/** The state of a modal's inputs, from plain strings. */
export function filledIn(view: JsonObject, values: ViewValues): JsonObject {
  const inputs = new Map(
    elementsIn(view['blocks']).map(({ block, element }) => [keyOf(block, element), element]),
  );
  return Object.fromEntries(
    Object.entries(values).map(([blockId, byAction]) => [
      blockId,
      Object.fromEntries(
        Object.entries(byAction).map(([actionId, value]) => [
          actionId,
          typeof value === 'string' ? asState(inputs.get(`${blockId} ${actionId}`), value) : value,
        ]),
      ),
    ]),
  );
}

function keyOf(block: JsonObject, element: JsonObject): string {
  return `${text(block['block_id'])} ${text(element['action_id'])}`;
}

function asState(element: JsonObject | undefined, value: string): JsonObject {
  const type = text(element?.['type'] ?? 'plain_text_input');
  if (!/select$|radio_buttons$/.test(type)) return { type, value };
  const option = objects(element?.['options']).find((one) => one['value'] === value);
  return { type, selected_option: option ?? { value } };
}

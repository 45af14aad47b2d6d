/**
 * The page lets a click through at once, where Slack first shows the button's confirm dialog. This script, put
 * into the page, reads the dialogs from the frames that arrive and asks before a click is sent.
 */
export const confirmScript = `(() => {
  const dialogs = new Map();
  const keyOf = (action) => [action.block_id, action.action_id, action.value].join('\\u0000');
  const note = (part, blockId) => {
    if (Array.isArray(part)) return part.forEach((one) => note(one, blockId));
    if (!part || typeof part !== 'object') return;
    const inside = part.block_id ?? blockId;
    if (part.action_id) dialogs.set(keyOf({ ...part, block_id: inside }), part.confirm);
    Object.values(part).forEach((one) => note(one, inside));
  };
  const plain = (part) => (part?.text ?? '').replaceAll('*', '').replaceAll('&lt;', '<').replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
  const allowed = (frame) => {
    const dialog = frame.t === 'block_action' ? dialogs.get(keyOf(frame.action ?? {})) : undefined;
    return !dialog || window.confirm(plain(dialog.title) + '\\n\\n' + plain(dialog.text));
  };
  window.WebSocket = class extends window.WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', ({ data }) => { try { note(JSON.parse(data)); } catch {} });
    }
    send(data) {
      let frame = {};
      try { frame = JSON.parse(data); } catch {}
      if (allowed(frame)) super.send(data);
    }
  };
})();`;

/** The page's HTML with the script in it, and with a command of ours as the example in its composer. */
export function ownPage(html: string, command: string): string {
  return html
    .replace(/<head>/i, (head) => `${head}<script>${confirmScript}</script>`)
    .replaceAll('try /echo hi', `try ${command} help`);
}

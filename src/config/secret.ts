const HIDDEN = '[secret]';
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** A text that shows itself only to who asks for it by `reveal`: not in logs, JSON, messages or a debugger's print. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [INSPECT](): string {
    return HIDDEN;
  }
}

/** The same object, which JSON.stringify and util.inspect show as `[secret]`. */
export function sealed<T extends object>(value: T): T {
  const hide = { value: () => HIDDEN, enumerable: false };
  return Object.defineProperties(value, { toJSON: hide, [INSPECT]: hide });
}

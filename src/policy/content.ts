// Gathers what documents, or files, ask for.
import type { MirrorRule, PolicyContent, PolicyObject, RegistrySources } from './rule.ts';

/** Collects content in the order in which it is added. */
export class ContentBuilder {
  readonly #objects: PolicyObject[] = [];
  readonly #rules: MirrorRule[] = [];
  readonly #registrySources: RegistrySources[] = [];

  // One by one: a spread of a hundred thousand would not fit on the stack.
  add({ objects, rules, registrySources }: PolicyContent): void {
    for (const object of objects) this.#objects.push(object);
    for (const rule of rules) this.#rules.push(rule);
    for (const sources of registrySources) this.#registrySources.push(sources);
  }

  build(): PolicyContent {
    return { objects: this.#objects, rules: this.#rules, registrySources: this.#registrySources };
  }
}

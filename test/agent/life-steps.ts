// What can happen to a node: the steps that a life is drawn from.
import fc from 'fast-check';

/** What happens next. */
export type Step =
  | { readonly do: 'policy'; readonly file: string; readonly mirror: string }
  | { readonly do: 'break' | 'remove'; readonly file: string }
  | { readonly do: 'edit' | 'comment' | 'delete' | 'empty' | 'cut' | 'baseline by hand' }
  | { readonly do: 'older rendering' | 'crash' | 'restore'; readonly at: number }
  | { readonly do: 'upgrade' | 'downgrade' | 'CRI-O older' | 'CRI-O newer' | 'hold' | 'before upgrade' }
  | { readonly do: 'snapshot' | 'OS rollback' | 'accepted lost' | 'history lost' | '/var lost' }
  | { readonly do: 'CRI-O refuses' | 'CRI-O down' | 'CRI-O up' }
  | { readonly do: 'previous' | 'baseline' | 'resume' | 'command' | 'discard drift' | 'retry' | 'expire' };

const simple = [
  'edit',
  'comment',
  'delete',
  'empty',
  'cut',
  'baseline by hand',
  'snapshot',
  'OS rollback',
  'CRI-O refuses',
  'CRI-O down',
  'CRI-O up',
  'previous',
  'baseline',
  'resume',
  'command',
  'discard drift',
  'retry',
  'expire',
  'upgrade',
  'downgrade',
  'CRI-O older',
  'CRI-O newer',
  'hold',
  'before upgrade',
] as const;

/** One step of any kind; policies change as often as everything that others do together. */
export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('policy' as const),
      file: fc.constantFrom('a', 'b'),
      mirror: fc.constantFrom('one', 'two', 'three'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('break' as const, 'remove' as const),
      file: fc.constantFrom('a', 'b'),
    }),
  },
  { weight: 12, arbitrary: fc.record({ do: fc.constantFrom(...simple) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('accepted lost' as const, 'history lost' as const, '/var lost' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('older rendering' as const, 'crash' as const, 'restore' as const),
      at: fc.nat({ max: 9 }),
    }),
  },
);

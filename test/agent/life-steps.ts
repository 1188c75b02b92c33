// What can happen to a node: the steps that a life is drawn from.
import fc from 'fast-check';

const simple = [
  'edit',
  'comment',
  'delete',
  'empty',
  'cut',
  'baseline by hand',
  'adopt',
  'adopt by force',
  'an hour',
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

/** What happens next. */
export type Step =
  | { readonly do: 'policy'; readonly file: string; readonly mirror: string }
  | { readonly do: 'break' | 'remove'; readonly file: string }
  | { readonly do: 'older rendering' | 'crash' | 'restore' | 'foreign'; readonly at: number }
  | { readonly do: 'accepted lost' | 'history lost' | '/var lost' }
  | { readonly do: (typeof simple)[number] };

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
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'older rendering' as const,
        'crash' as const,
        'restore' as const,
        'foreign' as const,
      ),
      at: fc.nat({ max: 9 }),
    }),
  },
);

// Code with promises and without, for harness.test.ts to mutate.
const numbers = new Map([['two', 2]]);

export function numberOf(word: string): number {
  return numbers.get(word) ?? 0;
}

export function countDown(count: number): number {
  let left = count;
  while (left > 0) left -= 1;
  return left;
}

export function add(left: number, right: number): number {
  return left + right;
}

export function multiply(left: number, right: number): number {
  return left * right;
}

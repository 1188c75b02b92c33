// One test file's place to work in: a scratch and the scenes on it, made before the first test and gone after the last.
import type { TestFn } from 'ava';
import type { Replacer, Scene, Scenes } from './replacer.ts';
import { openScratch, type Scratch } from './scratch.ts';

export interface Stage {
  readonly scratch: Scratch;
  readonly scene: (title: string) => Scene;
}

/** The returned function is for tests: the stage is there by then. */
export function setStage(test: TestFn, replacer: Replacer): () => Stage {
  let stage: Stage | null = null;
  test.before(async () => {
    const scratch = await openScratch();
    const scenes: Scenes = await replacer.scenes(scratch);
    stage = {
      scratch,
      scene(title) {
        const scene = scenes.get(title);
        if (scene === undefined) throw new Error(`no scene ${title}`);
        return scene;
      },
    };
  });
  test.after.always(() => stage?.scratch.remove());
  return () => {
    if (stage === null) throw new Error('the stage is not set yet');
    return stage;
  };
}

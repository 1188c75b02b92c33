// What icspd writes against containers/image: both versions accept it and take from it what was meant.
import test from 'ava';
import { emptyConf } from '../../src/registries/model.ts';
import { renderRegistriesConf } from '../../src/registries/render.ts';
import { validateRegistriesConf } from '../../src/registries/validate.ts';
import { composeCase } from './compose-case.ts';
import { policyGolden } from './golden.ts';
import { compareMany, Shapes } from './law.ts';
import { Libraries } from './library.ts';
import { haveOracles } from './oracle.ts';
import { policyCases } from './policy-cases.ts';
import { viewsOf, type View } from './view.ts';

const compare = haveOracles() ? test : test.skip;

const shapes = new Shapes({
  'the baseline is refused by itself': 0.02,
  'mirrors for all pulls': 20,
  'mirrors for digests only': 20,
  'mirrors for tags only': 20,
  'mirror-by-digest-only stays': 2,
  'a prefix other than the location': 2,
  'several tables': 50,
});

compare('every composition is a file that both versions accept and understand', async (t) => {
  const libraries = new Libraries();
  t.teardown(() => libraries.close());
  await compareMany(t, {
    cases: policyCases,
    shapes,
    async judge(given) {
      if (validateRegistriesConf({ ...emptyConf, registries: given.baseline }, 'baseline.conf').length > 0) {
        shapes.count(['the baseline is refused by itself']);
        return [];
      }
      const conf = composeCase(given);
      const pulls = conf.registries.flatMap(({ mirrors }) =>
        mirrors.map(({ pullFromMirror }) => pullFromMirror),
      );
      const found: Readonly<Record<string, boolean>> = {
        'mirrors for all pulls': pulls.includes(''),
        'mirrors for digests only': pulls.includes('digest-only'),
        'mirrors for tags only': pulls.includes('tag-only'),
        'mirror-by-digest-only stays': conf.registries.some(({ mirrorByDigestOnly }) => mirrorByDigestOnly),
        'a prefix other than the location': conf.registries.some(
          ({ prefix, location }) => prefix !== '' && location !== '',
        ),
        'several tables': conf.registries.length > 1,
      };
      shapes.count(Object.keys(found).filter((shape) => found[shape]));
      const main = new TextEncoder().encode(renderRegistriesConf(conf));
      const meant = describe(viewsOf(conf.registries));
      const answers = await libraries.ask({ main, dropIns: [] }, []);
      return answers.flatMap(([name, { error, registries }]) => {
        if (error !== '') return [`${name} refuses: ${error}`];
        const taken = describe(viewsOf(registries ?? []));
        return taken === meant ? [] : [`${name}: meant ${meant}\n  taken ${taken}`];
      });
    },
    asGolden: (given) => Promise.resolve(policyGolden(given, composeCase(given).registries)),
  });
});

function describe(views: ReadonlyMap<string, View>): string {
  const sorted = [...views].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([scope, view]) => `${scope} ${JSON.stringify(view)}`).join('; ');
}

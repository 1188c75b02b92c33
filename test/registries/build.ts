// Short ways to write configurations in tests.
import type { Origin } from '../../src/origin.ts';
import { emptyConf, type Mirror, type RegistriesConf, type Registry } from '../../src/registries/model.ts';
import { parseRegistriesConf } from '../../src/registries/parse.ts';

export const origin: Origin = {
  file: '/etc/icsp.d/a.yaml',
  line: 7,
  kind: 'ImageDigestMirrorSet',
  name: 'a',
};

export function mirror(location: string, rest: Partial<Mirror> = {}): Mirror {
  return { location, insecure: false, pullFromMirror: '', origins: [], extra: {}, ...rest };
}

export function registry(location: string, rest: Partial<Registry> = {}): Registry {
  return {
    prefix: '',
    location,
    insecure: false,
    blocked: false,
    mirrorByDigestOnly: false,
    pullFromMirror: '',
    mirrors: [],
    origins: [],
    extra: {},
    ...rest,
  };
}

export function confOf(...registries: readonly Registry[]): RegistriesConf {
  return { ...emptyConf, registries };
}

/** The configuration that the text says; throws if it is not one. */
export function read(text: string): RegistriesConf {
  const { conf, findings } = parseRegistriesConf(new TextEncoder().encode(text), 'test.conf');
  if (conf === null) throw new Error(findings.map(({ message }) => message).join('; '));
  return conf;
}

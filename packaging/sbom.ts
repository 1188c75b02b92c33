// The bill of materials of the executable, as CycloneDX 1.6.
import type { BundledPackage } from './bundled.ts';
import type { NodeRuntime } from './node-runtime.ts';

/**
 * Everything that is compiled into the executable, as data for JSON. The same inputs give the same document.
 * @param timestamp seconds since 1970, of the source
 */
export function makeSbom(
  version: string,
  packages: readonly BundledPackage[],
  node: NodeRuntime,
  timestamp: number,
): object {
  const subject = `pkg:generic/icspd@${version}`;
  const components = [
    ...packages.map(describePackage),
    {
      type: 'platform',
      'bom-ref': `pkg:generic/nodejs@${node.version}`,
      name: 'nodejs',
      version: node.version,
      purl: `pkg:generic/nodejs@${node.version}`,
      hashes: [{ alg: 'SHA-256', content: node.sha256 }],
      licenses: [{ license: { id: 'MIT' } }],
      components: Object.entries(node.libraries).map(([name, libraryVersion]) => ({
        type: 'library',
        'bom-ref': `pkg:generic/nodejs@${node.version}#${name}`,
        name,
        version: libraryVersion,
      })),
    },
  ];
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      timestamp: new Date(timestamp * 1000).toISOString(),
      component: {
        type: 'application',
        'bom-ref': subject,
        name: 'icspd',
        version,
        purl: subject,
        licenses: [{ license: { id: 'Apache-2.0' } }],
      },
    },
    components,
    dependencies: [{ ref: subject, dependsOn: components.map((component) => component['bom-ref']) }],
  };
}

function describePackage({ name, version, licence, integrity }: BundledPackage) {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  const [, base64 = ''] = integrity.split('sha512-');
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    purl,
    hashes: [{ alg: 'SHA-512', content: Buffer.from(base64, 'base64').toString('hex') }],
    licenses: [{ expression: licence }],
  };
}

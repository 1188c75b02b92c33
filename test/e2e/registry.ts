// The two registries of the system: publishing images made by hand, and who asked for what.
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { pull } from './crio.ts';
import { type Mark, entries, mark, messages } from './journal.ts';
import { type System, until } from './system.ts';

/**
 * `mirror` is what policies point to, `origin` a source that exists, and `cache` fetches from the origin what it lacks (start
 * its unit first). Nobody answers for any other host.
 */
export type Registry = 'mirror' | 'origin' | 'cache';

/** The address of a registry as image references write it. */
export function address(registry: Registry): string {
  return `${registry}.lab.example:8443`;
}

/** Starts a registry that is not running, and waits until it listens. */
export async function startRegistry(system: System, registry: Registry): Promise<void> {
  await system.must('systemctl', 'start', `registry@${registry}`);
  const knock = ['bash', '-c', `: </dev/tcp/${address(registry).replace(':', '/')}`];
  await until(`${registry} listens`, async () => (await system.run(knock)).exitCode === 0);
}

interface Blob {
  readonly bytes: Uint8Array;
  readonly digest: string;
}

function blob(content: Uint8Array | object): Blob {
  const bytes = content instanceof Uint8Array ? content : Buffer.from(JSON.stringify(content));
  return { bytes, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` };
}

function describe({ bytes, digest }: Blob, kind: string): object {
  return { mediaType: `application/vnd.oci.image.${kind}`, digest, size: bytes.length };
}

/**
 * Publishes a tiny image, one that no other call makes.
 * @param repository path below the registry, such as `rhel9/httpd`
 * @returns the digest by which it can be pulled
 */
export async function publish(
  system: System,
  registry: Registry,
  repository: string,
  tag: string,
): Promise<string> {
  const tar = execFileSync('tar', ['--create', '--files-from=/dev/null']);
  const layer = blob(gzipSync(tar));
  const config = blob({
    architecture: 'amd64',
    os: 'linux',
    config: { Labels: { repository, tag, registry } },
    rootfs: { type: 'layers', diff_ids: [blob(tar).digest] },
  });
  const manifest = blob({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: describe(config, 'config.v1+json'),
    layers: [describe(layer, 'layer.v1.tar+gzip')],
  });

  const layout = '/tmp/layout';
  const index = { schemaVersion: 2, manifests: [describe(manifest, 'manifest.v1+json')] };
  system.write(`${layout}/oci-layout`, '{"imageLayoutVersion":"1.0.0"}');
  system.write(`${layout}/index.json`, JSON.stringify(index));
  for (const { digest, bytes } of [layer, config, manifest])
    system.write(`${layout}/blobs/${digest.replace(':', '/')}`, bytes);
  await system.must(
    // Whatever is blocked or mirrored at the moment does not keep an image from being published.
    'skopeo',
    '--registries-conf=/dev/null',
    'copy',
    '--quiet',
    '--preserve-digests',
    `oci:${layout}`,
    `docker://${address(registry)}/${repository}:${tag}`,
  );
  await system.must('rm', '-r', layout);
  return manifest.digest;
}

/** The manifest requests that a registry served after a point, such as `GET /v2/rhel9/httpd/manifests/1 200`. */
export async function manifestRequests(
  system: System,
  registry: Registry,
  after: Mark,
): Promise<readonly string[]> {
  const lines = await messages(system, after, `registry@${registry}`);
  return lines.flatMap((line) => {
    const request = /"(?:GET|HEAD) (\S+\/manifests\/\S+) HTTP\/[\d.]+" (\d+)/.exec(line);
    return request === null ? [] : [`${request[1] ?? ''} ${request[2] ?? ''}`];
  });
}

/** One request for a manifest, by the name that was asked for it. */
export interface ManifestRequest {
  /** As an image reference: `mirror.lab.example:8443/team/app:1` or `…/app@sha256:…`. */
  readonly reference: string;
  readonly status: number;
}

/** The manifest requests that all registries served after a point, in the order of their end. */
export async function manifestTrail(system: System, after: Mark): Promise<readonly ManifestRequest[]> {
  const lines = await entries(system, after, '--unit=registry@*');
  const requests = lines.flatMap(({ MESSAGE: line = '' }) => {
    if (!line.includes('msg="response completed')) return [];
    const field = (name: string): string =>
      new RegExp(` ${name}=(?:"([^"]*)"|(\\S+))`).exec(` ${line}`)?.slice(1).join('') ?? '';
    const [, repository, version] =
      /^\/v2\/(.+)\/manifests\/([^?]+)/.exec(field('http\\.request\\.uri')) ?? [];
    if (repository === undefined || version === undefined) return [];
    const separator = version.includes(':') ? '@' : ':';
    const reference = `${field('http\\.request\\.host')}/${repository}${separator}${version}`;
    const time = field('time').replace(/Z$/, '');
    return [{ time, reference, status: Number(field('http\\.response\\.status')) }];
  });
  // Each registry has a stream of its own to journald; these are the times at which they wrote, to the nanosecond.
  return requests
    .toSorted((one, other) => (one.time < other.time ? -1 : 1))
    .map(({ reference, status }) => ({ reference, status }));
}

/** The registry that CRI-O gets an image from, by the first part of its name: `a` for `a.mirror.lab.example:8443`. Undefined where the pull fails. */
export async function pulledFrom(system: System, reference: string): Promise<string | undefined> {
  const before = await mark(system);
  const { ok } = await pull(system, reference);
  return ok ? (await manifestTrail(system, before)).at(-1)?.reference.split('.')[0] : undefined;
}

// What kind of node this is, for status to show. Facts for people, never for decisions.
import { escape } from '../escape.ts';

/** Memory in bytes; `virtualization` is '' on bare metal. */
export interface NodeFacts {
  readonly os: string;
  readonly kernel: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly virtualization: string;
}

/** The facts on one line, fit for a terminal and a journal field. */
export function describeNodeFacts({ os, kernel, cpus, memoryBytes, virtualization }: NodeFacts): string {
  const memory = `${(memoryBytes / 2 ** 30).toFixed(1)} GiB`;
  return [os, kernel, `${cpus} CPUs`, memory, virtualization]
    .filter((fact) => fact !== '')
    .map(escape)
    .join(', ');
}

const timeLimitMs = 2_000;

/** Asks systeminformation; null if it fails or takes longer than two seconds, as it may on a busy node. */
export async function readNodeFacts(): Promise<NodeFacts | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), timeLimitMs);
  });
  try {
    return await Promise.race([gather(), late]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

async function gather(): Promise<NodeFacts> {
  const { default: information } = await import('systeminformation');
  const [os, cpu, memory, system] = await Promise.all([
    information.osInfo(),
    information.cpu(),
    information.mem(),
    information.system(),
  ]);
  return {
    os: `${os.distro} ${os.release}`.trim(),
    kernel: os.kernel,
    cpus: cpu.cores,
    memoryBytes: memory.total,
    virtualization: system.virtual ? (system.virtualHost ?? 'yes') : '',
  };
}

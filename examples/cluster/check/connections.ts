import type { Cluster } from '../src/cluster.ts';

/** How many clients each gateway has, by its own figures. */
export async function countConnections({ addresses }: Cluster): Promise<string> {
  const counts = addresses.map(async (address) => {
    const figures = await fetch(`${address}/holdfast/metrics`);
    return /^holdfast_connections (\d+)$/m.exec(await figures.text())?.[1] ?? '?';
  });
  return (await Promise.all(counts)).join(', ');
}

import { defineCommand, runMain } from 'citty';
import { dev } from './cli/dev-command.ts';
import { tail } from './cli/tail-command.ts';

/** Runs the `holdfast` command. Ends the process with 1 for bad arguments and failures. */
export async function main(args: string[]): Promise<void> {
  const command = defineCommand({
    meta: {
      name: 'holdfast',
      description: 'Durable AI sessions: a gateway for development, and a look into sessions',
    },
    subCommands: { dev, tail },
  });
  await runMain(command, { rawArgs: args });
}

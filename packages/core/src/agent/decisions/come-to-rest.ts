import type { ToolPart } from '@holdfast/codec';
import type { ApprovalPolicy, ClientToolOptions } from '../../decisions.ts';
import type { Run } from '../../snapshot.ts';
import type { Ending, RunWriter } from '../run-writer.ts';
import { bindApproval } from './ask.ts';
import { assign, deviceFor, type Devices } from './devices.ts';
import { waitingCalls } from './waiting.ts';

interface Rest {
  readonly run: Run;
  readonly writer: Pick<RunWriter<never>, 'append' | 'content'>;
  readonly devices: Devices;
  readonly clientTools: ClientToolOptions;
  readonly policyOf: (call: ToolPart) => Promise<ApprovalPolicy>;
  /** The channel's time, in milliseconds since 1970. */
  readonly now: () => number;
}

/** How a run ends of itself: it waits where somebody else has to settle a call, which is given to a device here (P18). */
export async function comeToRest({
  run,
  writer,
  devices,
  clientTools,
  policyOf,
  now,
}: Rest): Promise<Ending> {
  const waiting = waitingCalls(writer.content().parts);
  for (const call of waiting) {
    if (call.state === 'asked' && call.approval?.digest === undefined)
      writer.append(await bindApproval(call, await policyOf(call), now()));
    const device = call.device === undefined ? deviceFor(call, run, devices, clientTools) : undefined;
    if (device !== undefined) writer.append(assign(call.callId, device));
  }
  return { status: waiting.length > 0 ? 'suspended' : 'complete' };
}

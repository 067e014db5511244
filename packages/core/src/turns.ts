export { takeTurns, type Turn, type TurnOptions } from './agent/take-turns.ts';
export type { Tool, ToolContext, Tools } from './agent/tool.ts';

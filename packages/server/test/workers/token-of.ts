import { issueToken, type IssueTokenOptions } from '../../src/token.ts';

export const SECRET = 'a secret for tests only, of more than 32 bytes';

export function tokenOf(
  clientId: string,
  role: string,
  capabilities: IssueTokenOptions['capabilities'],
): Promise<string> {
  return issueToken({ secret: SECRET, clientId, claims: { role }, capabilities, ttl: 600 });
}

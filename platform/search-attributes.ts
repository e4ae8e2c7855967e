import type { Client } from '@temporalio/client';

/** Throws, with the command to run, if a Keyword search attribute is missing: workflows would hang without it. */
export async function checkSearchAttributes(
  client: Client,
  namespace: string,
  required: readonly string[],
): Promise<void> {
  const { customAttributes } = await client.connection.operatorService.listSearchAttributes({ namespace });
  const missing = required.filter((name) => customAttributes?.[name] === undefined);
  if (missing.length === 0) return;
  const options = missing.map((name) => `--name ${name} --type Keyword`).join(' ');
  throw new Error(
    `search attributes are not registered: ${missing.join(', ')}; run: ` +
      `temporal operator search-attribute create --namespace ${namespace} ${options}`,
  );
}

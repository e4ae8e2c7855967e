import { readHealthCheckConfig } from './config.js';
import { checkHealthFile } from '../platform/health-file.js';

const RESPONSE_MS = 3_000;

/** For a container's HEALTHCHECK: exits with 0 if the program in the same container is healthy. */
try {
  const { HEALTH_FILE: file, HEALTH_URL: url } = readHealthCheckConfig(process.env);
  if (file !== undefined) await checkHealthFile(file);
  if (url !== undefined) await checkUrl(url);
} catch (error) {
  console.error(`unhealthy: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

async function checkUrl(url: string): Promise<void> {
  const { status, ok } = await fetch(url, { signal: AbortSignal.timeout(RESPONSE_MS) });
  if (!ok) throw new Error(`${url} responds with ${status}`);
}

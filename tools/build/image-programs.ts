/** The programs of the image. */
export const imagePrograms = [
  'bin/api',
  'bin/healthcheck',
  'bin/mail-catcher',
  'bin/migrate',
  'bin/worker',
  'tools/audit',
] as const;

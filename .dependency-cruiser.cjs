/** The import direction of the project; see CONTRIBUTING.md. */
const only = (from, ...allowed) => ({
  name: `${from}-imports`,
  severity: 'error',
  from: { path: `^${from}/` },
  to: {
    path: '^[a-z]+/',
    dependencyTypesNot: ['core'],
    pathNot: `^(node_modules|${[from].concat(allowed).join('|')})/`,
  },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    only('schemas'),
    only('platform'),
    only('db', 'schemas'),
    only('activities', 'schemas', 'db'),
    only('api', 'schemas', 'db', 'platform'),
    {
      name: 'use-cases-of-the-api-know-no-http',
      severity: 'error',
      from: {
        path: '^api/(poll|request-digest|saga-client|order/(place|price|find)-order|order/retry-notification|quarantine/(dismiss|redrive|inspect-again))[.]ts$',
      },
      to: { path: '^(api/http/|api/refusals[.]ts|node_modules/express)' },
    },
    only('workers', 'schemas', 'db', 'activities', 'platform'),
    only('simulation', 'schemas', 'db', 'activities', 'workflows'),
    only('dashboard', 'schemas', 'api/generated'),
    {
      name: 'the-dashboard-shares-types-and-names-only',
      severity: 'error',
      from: { path: '^dashboard/' },
      to: {
        path: '^(schemas|api)/',
        pathNot: '^schemas/(catalogue|services|order-status|reasons|faults)[.]ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'nothing-imports-the-dashboard',
      severity: 'error',
      from: { pathNot: '^(dashboard|tests/dashboard|tests/browser)/' },
      to: { path: '^dashboard/' },
    },
    {
      name: 'workflows-know-activities-as-types-only',
      severity: 'error',
      from: { path: '^workflows/' },
      to: {
        path: '^(db|activities|workers|api|platform|bin|tools|tests)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'a-running-system-needs-no-tools',
      comment: 'Only npm start, which is for developers, builds the dashboard when its sources have changed.',
      severity: 'error',
      from: { path: '^bin/', pathNot: '^bin/start[.]ts$' },
      to: { path: '^(tools|tests)/' },
    },
    {
      name: 'the-auditor-shares-nothing-with-the-services',
      severity: 'error',
      from: { path: '^tools/audit' },
      to: { path: '^(schemas|db|activities|workflows|workers|api|simulation)/' },
    },
    {
      name: 'workflows-stay-out-of-node',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'temporal-behind-few-modules',
      severity: 'error',
      from: {
        path: '^workflows/(order|payment|inventory|notification|saga|hosting|engine|inbox|tally|operator-desk|retry-desk|patches|start-anew)[.]ts$',
      },
      to: { path: 'node_modules/@temporalio' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dashboard/dist' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};

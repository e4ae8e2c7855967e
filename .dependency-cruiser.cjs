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
      to: { circular: true },
    },
    only('core'),
    only('examples', 'core'),
    only('platform'),
    only('schemas', 'core'),
    only('db', 'core', 'schemas'),
    only('activities', 'core', 'schemas', 'db'),
    only('api', 'core', 'schemas', 'db', 'platform'),
    {
      name: 'use-cases-of-the-api-know-no-http',
      severity: 'error',
      from: {
        path: '^api/(poll|request-digest|saga-client|order/(place|price)-order|order/retry-notification|quarantine/(dismiss|redrive|inspect-again)|erasure/erase)[.]ts$',
      },
      to: { path: '^(api/http/|api/refusals[.]ts|node_modules/express)' },
    },
    only('workers', 'core', 'schemas', 'db', 'activities', 'platform'),
    only('simulation', 'core', 'schemas', 'db', 'activities', 'workflows'),
    only('dashboard', 'schemas', 'api/generated'),
    {
      name: 'only-its-runner-and-tests-know-an-example',
      severity: 'error',
      from: { pathNot: '^(examples/|tests/(core|examples)/|tools/hello[.]ts$)' },
      to: { path: '^examples/' },
    },
    {
      // What runs in Temporal's sandbox. Of the rest of the core it may use what is pure.
      name: 'the-core-of-workflows-is-pure',
      severity: 'error',
      from: { path: '^core/workflow/' },
      to: {
        path: '^core/',
        pathNot: '^core/(workflow/|(bounds|choreography|event)[.]ts$|activity/effect[.]ts$)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'what-workflows-use-of-the-core-is-pure-too',
      severity: 'error',
      from: { path: '^core/((bounds|choreography|event)[.]ts|activity/effect[.]ts)$' },
      to: { dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'the-core-runs-on-temporal-in-few-modules',
      severity: 'error',
      from: {
        path: '^core/',
        pathNot:
          '^core/(workflow/(temporal|payload-converter|interceptors)|activity/delivery|sweep/signals|worker)[.]ts$',
      },
      to: { path: 'node_modules/@temporalio' },
    },
    {
      name: 'the-dashboard-shares-types-and-names-only',
      severity: 'error',
      from: { path: '^dashboard/' },
      to: {
        path: '^(schemas|api)/',
        pathNot: '^schemas/(catalogue|services|order-status|reasons|faults|limits)[.]ts$',
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
      name: 'only-its-page-and-tests-know-the-benchmark',
      severity: 'error',
      from: { pathNot: '^(benchmark|tests/benchmark)/|^tools/generate/cost[.]ts$' },
      to: { path: '^benchmark/' },
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
      from: { path: '^(core/workflow|workflows|examples/.*/workflows[.]ts)' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'the-shop-knows-no-temporal-in-its-participants',
      severity: 'error',
      from: {
        path: '^workflows/',
        pathNot: '^workflows/(index|order-status)[.]ts$',
      },
      to: { path: 'node_modules/@temporalio' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dashboard/dist|tests/fifth-service/files)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};

import type { Reply } from '../api/documents.js';
import { asOperator } from '../api/operator-header.js';
import { request } from '../api/request.js';
import type { Faults } from './switches.js';

export const faultsApi = {
  changes: () => request<Reply<'listFaultChanges'>>('/fault-changes?limit=20'),
  all: () => request<Reply<'listFaults'>>('/faults'),
  set: (service: string, faults: Faults, operator: string) =>
    request(`/faults/${service}`, { method: 'PUT', body: faults, headers: asOperator(operator) }),
};

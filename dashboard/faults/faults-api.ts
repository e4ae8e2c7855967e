import type { Service } from '../../schemas/services.js';
import { asOperator } from '../api/operator-header.js';
import type { Page } from '../api/documents.js';
import { request } from '../api/request.js';
import { switchesOf, type Faults, type ServiceFaults } from './documents.js';

export interface AllFaults {
  readonly allowed: boolean;
  readonly faults: readonly ServiceFaults[];
}

export interface FaultChange {
  readonly at: string;
  readonly operator: string;
  readonly service: Service;
  readonly settings: Faults;
}

export const faultsApi = {
  changes: () => request<Page<'faultChanges', FaultChange>>('/fault-changes?limit=20'),
  all: () => request<AllFaults>('/faults'),
  set: (service: Service, faults: Faults, operator: string) =>
    request<ServiceFaults>(`/faults/${service}`, {
      method: 'PUT',
      body: switchesOf(faults),
      headers: asOperator(operator),
    }),
};

import { Agent, get } from 'node:http';

/** Whether a server on this machine answers a GET with 200. Its own agent, since the global one may use a proxy. */
export const isOk = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const request = get(url, { agent: new Agent() }, (response) => {
      response.on('error', () => undefined).resume();
      resolve(response.statusCode === 200);
    });
    request.on('error', () => resolve(false));
  });

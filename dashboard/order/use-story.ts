import { useReducer } from 'preact/hooks';
import { useFeed } from '../shell/connection.js';
import { emptyStory, tell, type Story } from '../story/story.js';
import type { FeedMessage } from '../feed/messages.js';

/** The story of one order from its beginning, and then as it goes on. Told twice, it stays the same. */
export function useStory(orderId: string, onMessage: (message: FeedMessage) => void): Story {
  const [story, hear] = useReducer(tell, emptyStory);
  useFeed(`/orders/${orderId}/events`, {
    onMessage: (message) => {
      hear(message);
      onMessage(message);
    },
    onStart: () => undefined,
  });
  return story;
}

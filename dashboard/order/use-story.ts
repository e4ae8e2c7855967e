import { useReducer } from 'preact/hooks';
import { useFeed } from '../shell/connection.js';
import { emptyStory, addMessage, type Story } from '../story/story.js';
import type { FeedMessage } from '../feed/messages.js';

/** The story of one order from its beginning, then live. */
export function useStory(orderId: string, onMessage: (message: FeedMessage) => void): Story {
  const [story, add] = useReducer(addMessage, emptyStory);
  useFeed(orderId, {
    onMessage: (message) => {
      add(message);
      onMessage(message);
    },
    onStart: () => undefined,
  });
  return story;
}

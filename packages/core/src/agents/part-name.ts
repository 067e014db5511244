/** The name of the data part that says where in an answer another agent was asked: `data-delegation` in the AI SDK. */
export const DELEGATION = 'delegation';

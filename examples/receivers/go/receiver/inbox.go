package receiver

import (
	"log"
	"sync"
)

const (
	maxRememberedIDs = 10_000
	maxWaitingEvents = 1_000
)

// inbox handles each event once, after the answer. It is in memory, so a restart loses the ids and the events that wait.
// In production, insert the event into a table whose unique key is its id, and commit before you answer 200.
type inbox struct {
	mutex   sync.Mutex
	ids     map[string]struct{}
	order   []string // of the ids, oldest first
	waiting chan Event
}

func newInbox() *inbox {
	return &inbox{ids: map[string]struct{}{}, waiting: make(chan Event, maxWaitingEvents)}
}

// accept returns false when too many events wait.
func (i *inbox) accept(event Event) bool {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	// The same event is delivered again when an answer was lost, and when a delivery is sent again by hand.
	if _, known := i.ids[event.ID]; known {
		return true
	}
	select {
	case i.waiting <- event:
	default:
		return false
	}
	i.ids[event.ID] = struct{}{}
	i.order = append(i.order, event.ID)
	if len(i.order) > maxRememberedIDs {
		delete(i.ids, i.order[0])
		i.order = i.order[1:]
	}
	return true
}

func (i *inbox) handleEvents() {
	for event := range i.waiting {
		handleEvent(event)
	}
}

// handleEvent is your code.
func handleEvent(event Event) {
	log.Printf("handled %s %s", event.ID, event.Type)
}

package convert

import (
	"context"
	"time"

	"hashlog/log"
	"hashlog/log/foreign"
)

// Conversations writes the requests of a Weka trace, a conversation a line, each in logs of its own and in order of time. A conversation
// begins so long after the one before, the first at 0. The Formats of the input don't matter.
func (l *Logs) Conversations(ctx context.Context, in Input, every time.Duration) (Read, error) {
	begin := 0.0
	return l.texts(ctx, in, func(ctx context.Context, t *table) error {
		err := t.lines(func(line log.Line) error {
			l.apart = true
			records, err := foreign.Conversation(line.Text, begin)
			if err != nil {
				return t.report(line.Number, err)
			}
			begin += every.Seconds()
			for i := 0; i < len(records) && !t.read.Sieve.Full(); i++ {
				if err := t.request(ctx, &foreign.Request{Record: records[i], Line: line.Number}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || t.read.Sieve.Full() {
			return err
		}
		return t.end()
	})
}

package log

import (
	"fmt"
	"math"

	"hashlog/log/internal/line"
	"hashlog/log/internal/source"
)

// Options say what a [Reader] reads, and how. The zero value reads everything.
type Options struct {
	// Strict makes the first bad record and the first damage fatal: the reading ends as soon as
	// it is met, before the records that are held back.
	Strict bool
	// AnyDType accepts records with an unknown dtype. Entry.ChunkBytes is 0 then.
	AnyDType bool
	// MaxOpen is how many regular files may be open at once. 0 means 64, or fewer if the process
	// may not open so many.
	MaxOpen int
	// Since, in seconds since the Unix epoch, keeps back all earlier records. Logs that are known
	// to end before it are not read (Stats.Unread). In other logs, earlier records are read,
	// checked and counted (Stats.BeforeSince), but not yielded. nil: from the first record on.
	Since *float64
	// Until, in seconds since the Unix epoch, ends the reading at the first record at or after
	// it, since all following records are later. They are not read, so neither checked nor
	// counted; a log that begins there is only opened to find its first timestamps. Of the
	// earlier records, only late ones can be missed (see the package comment). nil: to the end.
	Until *float64
	// Part divides the logs among passes that each read a period of the same logs, in which the next
	// one begins where the one before ends. Each record, and whatever is wrong with the logs, then
	// belongs to one of them, and Stats counts no other; Reader.Earlier counts what belongs to
	// passes before. Together the passes yield, in the same order, and count what one pass would.
	// So a record that came too late to be sorted belongs to the period that the reading had
	// reached, and may be earlier than Since. What is wrong with a line belongs to the period of the
	// record before it in its log, or else of the first one. It can't be combined with Behind.
	Part bool
	// Behind continues a pass behind the end of an earlier one. nil: from the beginning on.
	Behind *Behind
	// Formats are recognised in addition to that of this package, in this order.
	Formats []Format

	maxLine int                 // MaxLine, less in tests
	window  int                 // Window, less in tests
	readAll bool                // for tests: logs that end before Since too
	opened  func(*source.Input) // for tests: called with each log before it is decoded
	names   *line.Names         // shared by the decoders; nil for none
}

// OptionError is the error of a field of [Options] with a value that has no meaning.
type OptionError struct {
	Option string // name of the field
	Why    string // as in "must not be negative, is -1"
}

func (e *OptionError) Error() string { return fmt.Sprintf("option %s %s", e.Option, e.Why) }

// check returns an *OptionError for what has no meaning.
func (o *Options) check() error {
	if o.MaxOpen < 0 {
		return &OptionError{"MaxOpen", fmt.Sprintf("must not be negative, is %d", o.MaxOpen)}
	}
	for _, bound := range []struct {
		name string
		time *float64
	}{{"Since", o.Since}, {"Until", o.Until}} {
		if t := bound.time; t != nil && (math.IsNaN(*t) || math.IsInf(*t, 0)) {
			return &OptionError{bound.name, fmt.Sprintf("must be finite, is %v", *t)}
		}
	}
	if o.Since != nil && o.Until != nil && *o.Since >= *o.Until {
		return &OptionError{"Since", fmt.Sprintf("must be before Until, is %v and that is %v", *o.Since, *o.Until)}
	}
	if o.Part && o.Behind != nil {
		return &OptionError{"Part", "can't be combined with Behind"}
	}
	if err := o.Behind.check(); err != nil {
		return err
	}
	for i, f := range o.Formats {
		if f == nil {
			return &OptionError{"Formats", fmt.Sprintf("must not hold nil, does at %d", i)}
		}
	}
	return nil
}

// withDefaults fills in what was left out, for logs of which some are streams.
func (o Options) withDefaults(streams int) Options {
	const most, others = 64, 10 // others: for files that the program writes meanwhile, and the like
	if o.MaxOpen == 0 {
		reserved := others + streams
		o.MaxOpen = max(1, source.FreeDescriptors(most+reserved)-reserved)
	}
	if o.maxLine == 0 {
		o.maxLine = MaxLine
	}
	if o.window == 0 {
		o.window = Window
	}
	o.names = &line.Names{}
	return o
}

// beforeSince reports whether a time is before Since.
func (o *Options) beforeSince(timestamp float64) bool { return o.Since != nil && timestamp < *o.Since }

// atUntil reports whether a time is at or after Until.
func (o *Options) atUntil(timestamp float64) bool { return o.Until != nil && timestamp >= *o.Until }

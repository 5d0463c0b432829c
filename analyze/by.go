package analyze

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Dimension is an attribute of requests by whose classes figures can be broken down.
type Dimension string

// The dimensions.
const (
	ByLength Dimension = "length" // tokens of the request
	ByModel  Dimension = "model"
	BySource Dimension = "source" // log.Entry.Source: the server, or else the path that was given to log.Find
	ByHour   Dimension = "hour"   // of the day
	ByTurn   Dimension = "turn"   // of a conversation
	BySalt   Dimension = "salt"   // the cache_salt, "" for none: of a tenant

	byNode Dimension = "node" // of a fleet; nobody asks for it by name
)

// Dimensions returns all dimensions.
func Dimensions() []Dimension {
	return []Dimension{ByLength, ByModel, BySource, ByHour, ByTurn, BySalt}
}

// ParseDimension parses the name of a dimension. It returns an [*UnknownDimensionError] for any other.
func ParseDimension(s string) (Dimension, error) {
	d := Dimension(s)
	if !slices.Contains(Dimensions(), d) {
		return "", &UnknownDimensionError{s}
	}
	return d, nil
}

// UnknownDimensionError says that there is no dimension of a name.
type UnknownDimensionError struct{ Name string }

func (e *UnknownDimensionError) Error() string {
	var names []string
	for _, d := range Dimensions() {
		names = append(names, string(d))
	}
	last := len(names) - 1
	return fmt.Sprintf("dimension %q: must be %s or %s", e.Name, strings.Join(names[:last], ", "), names[last])
}

// ParseLengthClass parses the lower bound of a class of lengths, in tokens.
func ParseLengthClass(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%q is not a whole number of tokens above zero", s)
	}
	return n, nil
}

// ParseTimeZone finds a time zone of the IANA database, such as Europe/Berlin, or UTC. It refuses Local, which depends on the
// machine. Package time/tzdata makes the zones known everywhere.
func ParseTimeZone(s string) (*time.Location, error) {
	if s == "" || s == "Local" {
		return nil, &UnknownZoneError{s}
	}
	zone, err := time.LoadLocation(s)
	if err != nil {
		return nil, &UnknownZoneError{s}
	}
	return zone, nil
}

// UnknownZoneError says that there is no time zone of a name.
type UnknownZoneError struct{ Name string }

func (e *UnknownZoneError) Error() string {
	return fmt.Sprintf("time zone %q is not known: must be a name of the IANA database, such as Europe/Berlin, America/New_York or UTC", e.Name)
}

// zone returns the time zone in which hours are counted.
func (o *Options) zone() *time.Location {
	if o.TimeZone == nil {
		return time.UTC
	}
	return o.TimeZone
}

// dimensions returns those of By, and then that of Models unless it is among them.
func (o *Options) dimensions() []Dimension {
	if !o.Models || slices.Contains(o.By, ByModel) {
		return o.By
	}
	return append(slices.Clone(o.By), ByModel)
}

// has reports whether classes of a dimension are asked for.
func (o *Options) has(d Dimension) bool { return slices.Contains(o.By, d) }

// checkBy reports unknown dimensions, and options of dimensions that are not asked for.
func (o *Options) checkBy() error {
	for _, d := range o.By {
		if _, err := ParseDimension(string(d)); err != nil {
			return err
		}
	}
	last := int64(0)
	for _, n := range o.LengthClasses {
		if n <= last {
			return fmt.Errorf("length class from %d tokens on after one from %d on: the bounds must rise, from above zero", n, last)
		}
		last = n
	}
	switch {
	case len(o.LengthClasses) > 0 && !o.Requests && !slices.Contains(o.By, ByLength):
		return errors.New("length classes need the dimension length, or requests")
	case o.TimeZone != nil && !slices.Contains(o.By, ByHour):
		return errors.New("a time zone needs the dimension hour")
	}
	return nil
}

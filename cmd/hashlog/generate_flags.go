package main

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"hashlog/analyze/units"
	"hashlog/sim/workload"
)

// parseModel reads NAME or NAME:WEIGHT. What follows the last colon is a weight if it is a number.
func parseModel(s string) (workload.Model, error) {
	name, weight := s, int64(0)
	if i := strings.LastIndexByte(s, ':'); i >= 0 {
		if n, err := strconv.ParseInt(s[i+1:], 10, 32); err == nil {
			name, weight = s[:i], n
			if n < 1 {
				return workload.Model{}, fmt.Errorf("model %q: a weight is above zero", s)
			}
		}
	}
	if name == "" {
		return workload.Model{}, errors.New("a model has a name")
	}
	return workload.Model{Name: name, Weight: int(weight)}, nil
}

// parseReuse reads a share in percent. To the workload none at all is a negative one.
func parseReuse(s string) (float64, error) {
	number, ok := strings.CutSuffix(s, "%")
	percent, err := strconv.ParseFloat(number, 64)
	switch {
	case !ok || err != nil || !(percent >= 0 && percent <= 99):
		return 0, fmt.Errorf("%q is not a share from 0%% to 99%%", s)
	case percent == 0:
		return -1, nil
	}
	return percent / 100, nil
}

// parsePrompts reads a number of system prompts. To the workload none at all is a negative one.
func parsePrompts(s string) (int, error) {
	if s == "0" {
		return -1, nil
	}
	return parseCount(s)
}

func parseCount(s string) (int, error) {
	n, err := parsePositive(s)
	if err == nil && n > math.MaxInt32 {
		err = fmt.Errorf("%q is too large", s)
	}
	return int(n), err
}

func parseAboveZero(s string) (float64, error) {
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || !(x > 0 && x <= math.MaxFloat64) {
		return 0, fmt.Errorf("%q is not a number above zero", s)
	}
	return x, nil
}

func parseStart(s string) (time.Time, error) {
	seconds, err := units.ParseTime(s)
	if err == nil && math.Abs(seconds) > 1e10 {
		err = fmt.Errorf("time %q: lies beyond any log", s)
	}
	if err != nil {
		return time.Time{}, err
	}
	return time.UnixMicro(int64(math.Round(seconds * 1e6))).UTC(), nil
}

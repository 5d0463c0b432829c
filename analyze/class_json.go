package analyze

import "encoding/json"

// classFields is a Class without its own JSON.
type classFields Class

// classResultJSON is a ClassResult whose figures may be unknown.
type classResultJSON struct {
	CapacityBytes  *int64      `json:"capacity_bytes"`
	CapacityChunks *int64      `json:"capacity_chunks"`
	HitTokens      *int64      `json:"hit_tokens"`
	TokenHitRate   *float64    `json:"token_hit_rate"`
	MissTokens     *MissTokens `json:"miss_tokens"`
}

// classJSON is a Class whose figures may be unknown.
type classJSON struct {
	classFields
	Results []classResultJSON `json:"results"`
}

// MarshalJSON returns the class, with null for figures that are unknown.
func (c Class) MarshalJSON() ([]byte, error) {
	out := classJSON{classFields: classFields(c)}
	if c.Results != nil {
		out.Results = make([]classResultJSON, len(c.Results))
	}
	for i := range c.Results {
		r := &c.Results[i]
		to := &out.Results[i]
		to.CapacityBytes, to.CapacityChunks = r.CapacityBytes, r.CapacityChunks
		if !r.Unknown {
			to.HitTokens, to.TokenHitRate, to.MissTokens = &r.HitTokens, &r.TokenHitRate, &r.MissTokens
		}
	}
	return asJSON(out, "", "")
}

// UnmarshalJSON reads what MarshalJSON returns.
func (c *Class) UnmarshalJSON(text []byte) error {
	var in classJSON
	if err := json.Unmarshal(text, &in); err != nil {
		return err
	}
	*c = Class(in.classFields)
	if in.Results != nil {
		c.Results = []ClassResult{}
	}
	for i := range in.Results {
		from := &in.Results[i]
		r := ClassResult{CapacityBytes: from.CapacityBytes, CapacityChunks: from.CapacityChunks, Unknown: from.HitTokens == nil}
		if from.HitTokens != nil && from.TokenHitRate != nil && from.MissTokens != nil {
			r.HitTokens, r.TokenHitRate, r.MissTokens = *from.HitTokens, *from.TokenHitRate, *from.MissTokens
		}
		c.Results = append(c.Results, r)
	}
	return nil
}

package sim

// index numbers keys in order of first sight. The chunk that follows id x in a request is nearly always id x+1, so that
// guess is checked in a flat array before the map is asked.
type index struct {
	ids  map[Key]uint32
	keys []Key // by id
}

func newIndex() index { return index{ids: make(map[Key]uint32)} }

func (x *index) len() int { return len(x.keys) }

// find returns the id of key, and whether it is new. A new key gets the next id. guess is where to look first.
func (x *index) find(key Key, guess uint32) (id uint32, isNew bool) {
	if int(guess) < len(x.keys) && x.keys[guess] == key {
		return guess, false
	}
	if id, ok := x.ids[key]; ok {
		return id, false
	}
	id = uint32(len(x.keys))
	x.ids[key] = id
	x.keys = append(x.keys, key)
	return id, true
}

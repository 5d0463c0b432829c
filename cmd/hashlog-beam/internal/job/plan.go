package job

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"hashlog/analyze"
	"hashlog/cmd/hashlog-beam/internal/store"
	"hashlog/log"
	"hashlog/log/foreign"
)

// layout is the version of the files in the shared folder. Another one has other names.
const layout = 1

// Plan is what there is to do. It is a file in the shared folder, which every worker reads.
type Plan struct {
	Nodes    []Node
	Cuts     []float64 // where a part ends and the next one begins, in seconds since the Unix epoch, rising
	Settings Settings
	Output   string // where the results go: a folder, or s3://bucket/prefix
}

// NewPlan finds the nodes by patterns of their folders, and cuts the time that their logs cover into about as many parts of nearly equal
// bytes. A folder without logs is left out, and noted. A warm-up ends where a part does.
func NewPlan(ctx context.Context, patterns []string, parts int, settings Settings, output string) (_ *Plan, notes []string, err error) {
	sources, err := folders(ctx, patterns)
	if err != nil {
		return nil, nil, err
	}
	files, err := log.Find(ctx, sources, nil)
	if err != nil {
		return nil, nil, err
	}
	p := &Plan{Nodes: nodesOf(files.Sources()), Settings: settings, Output: output}
	if err := p.Settings.boundPool(len(p.Nodes)); err != nil {
		return nil, nil, err
	}
	opts := log.Options{Since: settings.Since, Until: settings.Until, Formats: foreign.Options{}.Formats()}
	if p.Cuts, err = files.Cuts(ctx, parts, opts); err != nil {
		return nil, nil, err
	}
	p.cutAtWarmup()
	return p, files.Notes(), nil
}

// cutAtWarmup adds a cut where the warm-up ends: a part is counted or it is not.
func (p *Plan) cutAtWarmup() {
	w := p.Settings.Replay.WarmupUntil
	if w == nil {
		return
	}
	if at, there := slices.BinarySearch(p.Cuts, *w); !there {
		p.Cuts = slices.Insert(p.Cuts, at, *w)
	}
}

// parts returns the stretches of time between the cuts.
func (p *Plan) parts() []part {
	parts := make([]part, len(p.Cuts)+1)
	parts[0].since, parts[len(p.Cuts)].until = p.Settings.Since, p.Settings.Until
	for i := range p.Cuts {
		parts[i].until, parts[i+1].since = &p.Cuts[i], &p.Cuts[i]
	}
	return parts
}

// logs returns what holds the logs of a node, or of all.
func (p *Plan) logs(node int) (sources []string) {
	if node != pooled {
		return []string{p.Nodes[node].Source}
	}
	for _, n := range p.Nodes {
		sources = append(sources, n.Source)
	}
	return sources
}

// options returns the options that replay a part of a node, or of all.
func (p *Plan) options(of Part) (*analyze.Options, error) {
	most, err := p.Settings.node()
	if err != nil {
		return nil, err
	}
	if of.Node == pooled {
		most = p.Settings.MaxPool
	}
	return p.Settings.options(p.parts()[of.Place], most)
}

// Save writes the plan to the shared folder, and returns its name.
func (p *Plan) Save(ctx context.Context, work store.Folder) (name string, err error) {
	name = fmt.Sprintf("plan-%s.json", digest(p))
	return name, writeJSON(ctx, work, name, p)
}

func loadPlan(ctx context.Context, work store.Folder, name string) (*Plan, error) {
	p := new(Plan)
	return p, readJSON(ctx, work, name, p)
}

// digest returns a name for values that JSON can hold: other values, another name.
func digest(values ...any) string {
	h := sha256.New()
	_ = json.NewEncoder(h).Encode(append(values, layout)) // a hash doesn't fail
	return hex.EncodeToString(h.Sum(nil)[:12])
}

func writeJSON(ctx context.Context, folder store.Folder, name string, v any) error {
	return folder.Write(ctx, name, func(w io.Writer) error { return json.NewEncoder(w).Encode(v) })
}

func readJSON(ctx context.Context, folder store.Folder, name string, v any) error {
	r, err := folder.Open(ctx, name)
	if err != nil {
		return err
	}
	defer r.Close()
	if err := json.NewDecoder(r).Decode(v); err != nil {
		return fmt.Errorf("reading %s: %w", folder.Path(name), err)
	}
	return nil
}

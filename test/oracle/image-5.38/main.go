// Says what containers/image makes of registries.conf and its drop-ins: one JSON question a line in, one JSON answer a line out.
package main

import (
	"bufio"
	// Digests of these are known to CRI-O, which links both.
	_ "crypto/sha256"
	_ "crypto/sha512"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"go.podman.io/image/v5/docker/reference"
	"go.podman.io/image/v5/pkg/sysregistriesv2"
	"go.podman.io/image/v5/types"
)

// question holds the files' bytes (base64 in JSON); drop-ins in the order in which they are to be loaded.
type question struct {
	Main    []byte   `json:"main"`
	DropIns [][]byte `json:"dropIns"`
	Pulls   []string `json:"pulls"`
	Aliases []string `json:"aliases"`
}

// answer has an error exactly if the files are refused.
type answer struct {
	Error      string             `json:"error"`
	Registries []registry         `json:"registries"`
	Search     []string           `json:"search"`
	Helpers    []string           `json:"helpers"`
	Mode       int                `json:"mode"`
	Pulls      []pull             `json:"pulls"`
	Aliases    map[string]*string `json:"aliases"`
}

type registry struct {
	Prefix             string   `json:"prefix"`
	Location           string   `json:"location"`
	Insecure           bool     `json:"insecure"`
	Blocked            bool     `json:"blocked"`
	MirrorByDigestOnly bool     `json:"mirrorByDigestOnly"`
	Mirrors            []mirror `json:"mirrors"`
}

type mirror struct {
	Location       string `json:"location"`
	Insecure       bool   `json:"insecure"`
	PullFromMirror string `json:"pullFromMirror"`
}

// pull has a failure exactly if nothing is tried.
type pull struct {
	Failure   string     `json:"failure"`
	Prefix    *string    `json:"prefix"`
	Endpoints []endpoint `json:"endpoints"`
}

type endpoint struct {
	Reference string `json:"reference"`
	Location  string `json:"location"`
	Insecure  bool   `json:"insecure"`
	Blocked   bool   `json:"blocked"`
}

func main() {
	dir, err := os.MkdirTemp("", "icspd-oracle-")
	if err != nil {
		fail(err)
	}
	err = converse(dir)
	os.RemoveAll(dir)
	if err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func converse(dir string) error {
	in := json.NewDecoder(bufio.NewReaderSize(os.Stdin, 1<<20))
	out := json.NewEncoder(os.Stdout)
	for in.More() {
		var asked question
		if err := in.Decode(&asked); err != nil {
			return err
		}
		sys, err := place(dir, asked)
		if err != nil {
			return err
		}
		if err := out.Encode(load(sys, asked)); err != nil {
			return err
		}
	}
	return nil
}

// place writes the files down and removes those of the question before.
func place(dir string, asked question) (*types.SystemContext, error) {
	sys := &types.SystemContext{
		SystemRegistriesConfPath:    filepath.Join(dir, "registries.conf"),
		SystemRegistriesConfDirPath: filepath.Join(dir, "registries.conf.d"),
		UserShortNameAliasConfPath:  filepath.Join(dir, "short-name-aliases.conf"),
	}
	if err := os.WriteFile(sys.SystemRegistriesConfPath, asked.Main, 0o600); err != nil {
		return nil, err
	}
	if err := os.RemoveAll(sys.SystemRegistriesConfDirPath); err != nil || len(asked.DropIns) == 0 {
		return sys, err
	}
	if err := os.Mkdir(sys.SystemRegistriesConfDirPath, 0o700); err != nil {
		return nil, err
	}
	for i, content := range asked.DropIns {
		path := filepath.Join(sys.SystemRegistriesConfDirPath, fmt.Sprintf("%02d.conf", i))
		if err := os.WriteFile(path, content, 0o600); err != nil {
			return nil, err
		}
	}
	return sys, nil
}

func load(sys *types.SystemContext, asked question) answer {
	sysregistriesv2.InvalidateCache()
	conf, err := sysregistriesv2.TryUpdatingCache(sys)
	if err != nil {
		return answer{Error: err.Error()}
	}
	said := answer{Search: conf.UnqualifiedSearchRegistries, Helpers: conf.CredentialHelpers, Registries: []registry{}}
	for _, r := range conf.Registries {
		table := registry{r.Prefix, r.Location, r.Insecure, r.Blocked, r.MirrorByDigestOnly, []mirror{}}
		for _, m := range r.Mirrors {
			table.Mirrors = append(table.Mirrors, mirror{m.Location, m.Insecure, m.PullFromMirror})
		}
		said.Registries = append(said.Registries, table)
	}
	mode, err := sysregistriesv2.GetShortNameMode(sys)
	if err != nil {
		return answer{Error: err.Error()}
	}
	said.Mode = int(mode)
	for _, text := range asked.Pulls {
		said.Pulls = append(said.Pulls, resolve(sys, text))
	}
	said.Aliases = map[string]*string{}
	for _, name := range asked.Aliases {
		said.Aliases[name] = nil
		if named, _, err := sysregistriesv2.ResolveShortNameAlias(sys, name); err == nil && named != nil {
			value := named.String()
			said.Aliases[name] = &value
		}
	}
	return said
}

// resolve does what docker.newImageSource and newDockerClient do before they contact anything.
func resolve(sys *types.SystemContext, text string) pull {
	ref, err := asPulled(text)
	if err != nil {
		return pull{Failure: err.Error()}
	}
	found, err := sysregistriesv2.FindRegistry(sys, ref.Name())
	if err != nil {
		return pull{Failure: err.Error()}
	}
	var prefix *string
	if found == nil {
		found = &sysregistriesv2.Registry{Prefix: ref.String(), Endpoint: sysregistriesv2.Endpoint{Location: ref.String()}}
	} else {
		prefix = &found.Prefix
	}
	sources, err := found.PullSourcesFromReference(ref)
	if err != nil {
		return pull{Failure: err.Error(), Prefix: prefix}
	}
	said := pull{Prefix: prefix}
	for _, source := range sources {
		own, err := sysregistriesv2.FindRegistry(sys, source.Reference.Name())
		if err != nil {
			return pull{Failure: err.Error(), Prefix: prefix}
		}
		said.Endpoints = append(said.Endpoints, endpoint{
			Reference: source.Reference.String(),
			Location:  source.Endpoint.Location,
			Insecure:  source.Endpoint.Insecure,
			Blocked:   own != nil && own.Blocked,
		})
	}
	return said
}

// asPulled completes a name as CRI-O does: :latest where nothing is said, and of tag and digest the digest only.
func asPulled(text string) (reference.Named, error) {
	ref, err := reference.ParseNormalizedNamed(text)
	if err != nil {
		return nil, err
	}
	if digested, ok := ref.(reference.Canonical); ok {
		return reference.WithDigest(reference.TrimNamed(ref), digested.Digest())
	}
	return reference.TagNameOnly(ref), nil
}

// Says what OpenShift makes of mirror policies: one JSON question a line in, one JSON answer a line out.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"github.com/containers/image/v5/pkg/sysregistriesv2"
	configv1 "github.com/openshift/api/config/v1"
	operatorv1alpha1 "github.com/openshift/api/operator/v1alpha1"
	"github.com/openshift/runtime-utils/pkg/registries"
)

type question struct {
	Baseline []registry `json:"baseline"`
	Insecure []string   `json:"insecure"`
	Blocked  []string   `json:"blocked"`
	// One object for each list.
	Icsps [][]entry `json:"icsps"`
	Idmss [][]entry `json:"idmss"`
	Itmss [][]entry `json:"itmss"`
	// Pairs of scopes: is the first nested in the second?
	Nested [][2]string `json:"nested"`
}

type entry struct {
	Source  string   `json:"source"`
	Mirrors []string `json:"mirrors"`
	Never   bool     `json:"never"`
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

type answer struct {
	Error      string     `json:"error"`
	Registries []registry `json:"registries"`
	Nested     []bool     `json:"nested"`
}

func main() {
	in := json.NewDecoder(bufio.NewReaderSize(os.Stdin, 1<<20))
	out := json.NewEncoder(os.Stdout)
	for in.More() {
		var asked question
		if err := in.Decode(&asked); err != nil {
			fail(err)
		}
		if err := out.Encode(compose(asked)); err != nil {
			fail(err)
		}
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func compose(asked question) answer {
	said := answer{Registries: []registry{}, Nested: []bool{}}
	for _, pair := range asked.Nested {
		said.Nested = append(said.Nested, registries.ScopeIsNestedInsideScope(pair[0], pair[1]))
	}
	conf := &sysregistriesv2.V2RegistriesConf{}
	for _, r := range asked.Baseline {
		table := sysregistriesv2.Registry{Prefix: r.Prefix, Blocked: r.Blocked, MirrorByDigestOnly: r.MirrorByDigestOnly}
		table.Location = r.Location
		table.Insecure = r.Insecure
		for _, m := range r.Mirrors {
			table.Mirrors = append(table.Mirrors, sysregistriesv2.Endpoint{
				Location: m.Location, Insecure: m.Insecure, PullFromMirror: m.PullFromMirror,
			})
		}
		conf.Registries = append(conf.Registries, table)
	}
	err := registries.EditRegistriesConfig(
		conf, asked.Insecure, asked.Blocked, icsps(asked.Icsps), idmss(asked.Idmss), itmss(asked.Itmss))
	if err != nil {
		said.Error = err.Error()
		return said
	}
	for _, r := range conf.Registries {
		table := registry{r.Prefix, r.Location, r.Insecure, r.Blocked, r.MirrorByDigestOnly, []mirror{}}
		for _, m := range r.Mirrors {
			table.Mirrors = append(table.Mirrors, mirror{m.Location, m.Insecure, m.PullFromMirror})
		}
		said.Registries = append(said.Registries, table)
	}
	return said
}

func icsps(objects [][]entry) []*operatorv1alpha1.ImageContentSourcePolicy {
	made := []*operatorv1alpha1.ImageContentSourcePolicy{}
	for _, entries := range objects {
		object := &operatorv1alpha1.ImageContentSourcePolicy{}
		for _, e := range entries {
			list := operatorv1alpha1.RepositoryDigestMirrors{Source: e.Source, Mirrors: e.Mirrors}
			object.Spec.RepositoryDigestMirrors = append(object.Spec.RepositoryDigestMirrors, list)
		}
		made = append(made, object)
	}
	return made
}

func idmss(objects [][]entry) []*configv1.ImageDigestMirrorSet {
	made := []*configv1.ImageDigestMirrorSet{}
	for _, entries := range objects {
		object := &configv1.ImageDigestMirrorSet{}
		for _, e := range entries {
			list := configv1.ImageDigestMirrors{Source: e.Source, Mirrors: mirrors(e), MirrorSourcePolicy: policy(e)}
			object.Spec.ImageDigestMirrors = append(object.Spec.ImageDigestMirrors, list)
		}
		made = append(made, object)
	}
	return made
}

func itmss(objects [][]entry) []*configv1.ImageTagMirrorSet {
	made := []*configv1.ImageTagMirrorSet{}
	for _, entries := range objects {
		object := &configv1.ImageTagMirrorSet{}
		for _, e := range entries {
			list := configv1.ImageTagMirrors{Source: e.Source, Mirrors: mirrors(e), MirrorSourcePolicy: policy(e)}
			object.Spec.ImageTagMirrors = append(object.Spec.ImageTagMirrors, list)
		}
		made = append(made, object)
	}
	return made
}

func mirrors(e entry) []configv1.ImageMirror {
	made := []configv1.ImageMirror{}
	for _, location := range e.Mirrors {
		made = append(made, configv1.ImageMirror(location))
	}
	return made
}

func policy(e entry) configv1.MirrorSourcePolicy {
	if e.Never {
		return configv1.NeverContactSource
	}
	return ""
}

// Does what icspd does between parsed policies and text, as OpenShift would: one JSON question a line in, one JSON answer a line out.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"syscall"

	"github.com/BurntSushi/toml"
	"github.com/containers/image/v5/pkg/sysregistriesv2"
	configv1 "github.com/openshift/api/config/v1"
	"github.com/openshift/runtime-utils/pkg/registries"
)

// One list of entries for each object; none for the work of the question before once more.
type question struct {
	Objects [][]entry `json:"objects"`
}

type entry struct {
	Source  string   `json:"source"`
	Mirrors []string `json:"mirrors"`
}

type answer struct {
	ComposeMs float64 `json:"composeMs"`
	EncodeMs  float64 `json:"encodeMs"`
	Tables    int     `json:"tables"`
}

func main() {
	in := json.NewDecoder(bufio.NewReaderSize(os.Stdin, 1<<20))
	out := json.NewEncoder(os.Stdout)
	sets := []*configv1.ImageDigestMirrorSet{}
	for in.More() {
		var asked question
		if err := in.Decode(&asked); err != nil {
			fail(err)
		}
		if asked.Objects != nil {
			sets = mirrorSets(asked.Objects)
		}
		said, err := measure(sets)
		if err != nil {
			fail(err)
		}
		if err := out.Encode(said); err != nil {
			fail(err)
		}
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func measure(sets []*configv1.ImageDigestMirrorSet) (answer, error) {
	// What an earlier run left behind is not this run's work.
	runtime.GC()
	start := cpuTime()
	conf := &sysregistriesv2.V2RegistriesConf{}
	if err := registries.EditRegistriesConfig(conf, nil, nil, nil, sets, nil); err != nil {
		return answer{}, err
	}
	composed := cpuTime()
	var text bytes.Buffer
	if err := toml.NewEncoder(&text).Encode(conf); err != nil {
		return answer{}, err
	}
	encoded := cpuTime()
	return answer{composed - start, encoded - composed, len(conf.Registries)}, nil
}

// What this process has had of the processors so far, its collector included, in milliseconds.
func cpuTime() float64 {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		fail(err)
	}
	return float64(used.Utime.Nano()+used.Stime.Nano()) / 1e6
}

func mirrorSets(objects [][]entry) []*configv1.ImageDigestMirrorSet {
	made := []*configv1.ImageDigestMirrorSet{}
	for _, entries := range objects {
		object := &configv1.ImageDigestMirrorSet{}
		for _, e := range entries {
			list := configv1.ImageDigestMirrors{Source: e.Source}
			for _, mirror := range e.Mirrors {
				list.Mirrors = append(list.Mirrors, configv1.ImageMirror(mirror))
			}
			object.Spec.ImageDigestMirrors = append(object.Spec.ImageDigestMirrors, list)
		}
		made = append(made, object)
	}
	return made
}

package gitstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/capability"
	"github.com/go-git/go-git/v5/plumbing/transport"
	webgit "github.com/go-git/go-git/v5/plumbing/transport/http"
)

// webRemote is a repository that is reached by https. Who may is told by the address, with a name and a
// token in it, or by the header that git's configuration adds, http.extraHeader: the two ways that need no
// other program.
type webRemote struct {
	at   *transport.Endpoint
	auth transport.AuthMethod // nil: that of the address
}

// answerWait is how long a server may take to say what it has.
const answerWait = 30 * time.Second

func newWebRemote(set settings, address string) (far, error) {
	at, err := transport.NewEndpoint(address)
	if err != nil {
		return nil, &problem{ErrNoRemote, Shown(address) + " is no address", "git remote set-url NAME URL puts it right"}
	}
	at.Proxy.URL = set.web(address, "proxy") // else that of the environment
	if file := set.web(address, "sslcainfo"); file != "" {
		if at.CaBundle, err = os.ReadFile(file); err != nil {
			return nil, &problem{ErrGit, "http.sslCAInfo: " + err.Error(), "put git's configuration right, then try again"}
		}
	}
	r := &webRemote{at: at}
	if name, value, ok := strings.Cut(set.web(address, "extraheader"), ":"); ok {
		r.auth = header{strings.TrimSpace(name), strings.TrimSpace(value)}
	}
	return r, nil
}

// web is a setting of the section http for an address: the one that names most of it counts.
func (set settings) web(address, name string) string {
	value, longest := set["http."+name], 0
	for key, v := range set {
		base, ok := strings.CutPrefix(strings.TrimSuffix(key, "."+name), "http.")
		if ok && strings.HasSuffix(key, "."+name) && len(base) > longest && within(address, base) {
			value, longest = v, len(base)
		}
	}
	return value
}

// within reports whether an address begins with another: the same host, and the same folders.
func within(address, base string) bool {
	a, err := url.Parse(address)
	if err != nil {
		return false
	}
	b, err := url.Parse(base)
	if err != nil || a.Scheme != b.Scheme || !strings.EqualFold(a.Host, b.Host) {
		return false
	}
	folder := strings.TrimSuffix(b.Path, "/")
	return a.Path == folder || strings.HasPrefix(a.Path, folder+"/")
}

// header is what is added to each request. It holds a secret, mostly.
type header struct{ name, value string }

// Name implements [transport.AuthMethod].
func (h header) Name() string { return "http-extra-header" }

// String implements [transport.AuthMethod].
func (h header) String() string { return h.Name() }

// SetAuth implements [webgit.AuthMethod].
func (h header) SetAuth(r *http.Request) { r.Header.Set(h.name, h.value) }

func (r *webRemote) heads(ctx context.Context) (map[string]string, string, error) {
	session, err := webgit.DefaultClient.NewUploadPackSession(r.at, r.auth)
	if err != nil {
		return nil, "", err
	}
	bounded, stop := context.WithTimeout(ctx, answerWait)
	defer stop()
	said, err := session.AdvertisedReferencesContext(bounded)
	switch {
	case errors.Is(err, transport.ErrEmptyRemoteRepository):
		return nil, "", nil
	case err != nil && bounded.Err() != nil && ctx.Err() == nil:
		return nil, "", &problem{ErrNetwork, fmt.Sprintf("%s did not answer within %s", r.at.Host, answerWait), "try again when the network is back; what is recorded here is kept"}
	case err != nil:
		return nil, "", err
	}
	commits, first := map[string]string{}, ""
	for name, id := range said.References {
		if ordinaryBranch(name) {
			commits[name] = id.String()
		}
	}
	for _, pair := range said.Capabilities.Get(capability.SymRef) {
		if branch, ok := strings.CutPrefix(pair, "HEAD:"); ok && ordinaryBranch(branch) {
			first = branch
		}
	}
	return commits, first, nil
}

func (r *webRemote) send(ctx context.Context, want string, have []string, w io.Writer) (err error) {
	session, err := webgit.DefaultClient.NewUploadPackSession(r.at, r.auth)
	if err != nil {
		return err
	}
	said, err := session.AdvertisedReferencesContext(ctx) // go-git asks for it, since it may lead elsewhere
	if err != nil {
		return err
	}
	ask := packp.NewUploadPackRequest()
	if said.Capabilities.Supports(capability.OFSDelta) {
		if err := ask.Capabilities.Set(capability.OFSDelta); err != nil {
			return err
		}
	}
	ask.Wants = []plumbing.Hash{plumbing.NewHash(want)}
	for _, id := range have {
		ask.Haves = append(ask.Haves, plumbing.NewHash(id))
	}
	answer, err := session.UploadPack(ctx, ask)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, answer.Close()) }()
	_, err = io.Copy(w, answer)
	return err
}

func (r *webRemote) receive(ctx context.Context, branch, from, to string, pack func(io.Writer) error) error {
	session, err := webgit.DefaultClient.NewReceivePackSession(r.at, r.auth)
	if err != nil {
		return err
	}
	said, err := session.AdvertisedReferencesContext(ctx)
	if err != nil {
		return err
	}
	if now := said.References[branch]; now != plumbing.NewHash(from) {
		return errMoved
	}
	ask := packp.NewReferenceUpdateRequest()
	if err := ask.Capabilities.Set(capability.ReportStatus); err != nil {
		return err
	}
	ask.Commands = []*packp.Command{{Name: plumbing.ReferenceName(branch), Old: plumbing.NewHash(from), New: plumbing.NewHash(to)}}
	var b bytes.Buffer
	if err := pack(&b); err != nil {
		return err
	}
	ask.Packfile = io.NopCloser(&b)
	report, err := session.ReceivePack(ctx, ask)
	if err == nil && report == nil {
		err = errors.New("it does not say whether it took what was sent")
	}
	if report == nil {
		return err
	}
	if report.UnpackStatus != "ok" {
		return &problem{ErrGit, "it did not take what was sent: " + report.UnpackStatus, "see what its keeper says"}
	}
	for _, c := range report.CommandStatuses {
		switch {
		case c.Status == "ok":
		case strings.HasPrefix(c.Status, "failed to update ref"), strings.HasPrefix(c.Status, "fetch first"),
			strings.HasPrefix(c.Status, "non-fast-forward"), strings.HasPrefix(c.Status, "failed to lock"):
			return errMoved
		default:
			return &problem{ErrGit, "it refuses what was sent: " + c.Status, "see what its keeper says"}
		}
	}
	return nil
}

// reachError says of a failure to speak with a remote what kind it is, as [farError] does of git's.
func reachError(remote string, err error) error {
	if err == nil {
		return nil
	}
	var known *problem
	var lost *url.Error
	var answer *webgit.Err
	if odd := (*plumbing.UnexpectedError)(nil); errors.As(err, &odd) { // it does not unwrap itself
		err = odd.Err
	}
	said := withoutPasswords(err.Error())
	switch {
	case errors.Is(err, context.Canceled), errors.As(err, &known), isDisk(err):
		return err
	case errors.Is(err, transport.ErrAuthenticationRequired), errors.Is(err, transport.ErrAuthorizationFailed), errors.Is(err, transport.ErrInvalidAuthMethod):
		return &problem{ErrGit, Shown(remote) + " does not let you in: " + said, "put a token into its address, https://NAME:TOKEN@…, or into git's http.extraHeader; other ways in take the git program"}
	case errors.Is(err, transport.ErrRepositoryNotFound):
		return &problem{ErrNoRemote, Shown(remote) + " leads to no repository: " + said, "see that the address is right"}
	case errors.As(err, &lost), errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &answer) && answer.StatusCode() >= 500:
		return &problem{ErrNetwork, Shown(remote) + " could not be reached: " + said, "try again when the network is back; what is recorded here is kept"}
	}
	return &problem{ErrGit, fmt.Sprintf("%s: %s", Shown(remote), said), "try again; with the git program installed it may say more"}
}

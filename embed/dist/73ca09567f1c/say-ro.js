var e={close:"Închide",next:"Înainte",done:"Gata",step:"Pasul {n} din {of}",reach:"Apasă F6 pentru a ajunge la el",find:"Derulează la el"};export{e as default};
